import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cut, readPicture, writePng } from '@unweather/core-tensor';
import { runnerOf, temporaryFolder } from '@unweather/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changelogSections } from './changelog.js';
import { openRegistry, type Registry } from './registry.js';
import { isolated, run } from './run.js';
import { bytesBelow, inMegabytes } from './sizes.js';
import { breakInstallScript } from './third-party.js';
import { copyWorkspace, type Package, publishable, ROOT, readManifest } from './workspace.js';

// Makes a release in a copy of the repository: each test continues from the one before. The install of `npm test` is in
// tarballs.test.ts.

const VERSION = '0.7.0';
const USER = join(ROOT, 'publishing/user');
const NX = fileURLToPath(import.meta.resolve('nx/bin/nx.js'));

let folder: string;
let copy: string;
let project: string;
/** Project in which onnxruntime-node could not be installed. */
let bare: string;
let registry: Registry;
let packages: Package[];
const at = (name: string) => join(folder, name);
const env = () => isolated(folder, registry.address);
const git = (...args: string[]) => run('git', args, copy, env());
const nx = (...args: string[]) => run(process.execPath, [NX, ...args], copy, env());
const node = (...args: string[]) => run(process.execPath, args, project, env());

beforeAll(async () => {
  folder = await realpath(await temporaryFolder());
  [copy, project, bare] = [at('copy'), at('project'), at('bare')];
  registry = await openRegistry(folder);
  await writeFile(at('.gitconfig'), '[user]\nname = tests\nemail = tests@localhost\n');
  const token = `//${new URL(registry.address).host}/:_authToken=nobody\n`;
  await writeFile(at('.npmrc'), token);
  await copyWorkspace(copy);
  packages = await publishable(copy);
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Rain is removed');
  for (const empty of [project, bare]) {
    await mkdir(empty);
    await writeFile(join(empty, 'package.json'), '{ "name": "empty", "private": true }');
  }
  await cp(USER, project, { recursive: true });
  const picture = await readPicture(join(ROOT, 'packages/datasets/embedded/held-out/coffee.png'));
  await writePng(at('photo.png'), cut(picture, { left: 40, top: 30, width: 72, height: 56 }));
});
afterAll(async () => {
  await registry?.close();
  await rm(folder, { recursive: true });
});

test('a dry run of a release changes nothing', { tags: 'whole' }, async () => {
  const out = await nx('release', VERSION, '--skip-publish', '--dry-run');
  for (const { manifest } of packages) expect(out).toContain(manifest.name.replace('@unweather/', ''));
  expect(out).toContain(`New version ${VERSION} written`);
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('tag')).toBe('');
});

test('what is unreleased in the change log becomes the notes of the release', { tags: 'whole' }, async () => {
  const file = join(copy, 'CHANGELOG.md');
  const before = changelogSections(await readFile(file, 'utf8'));
  await run(process.execPath, [join(copy, 'publishing/dist/note-release.js'), VERSION], copy, env());
  const [first, second] = changelogSections(await readFile(file, 'utf8'));
  expect(first).toEqual({ name: 'Unreleased', notes: '' });
  expect(second).toMatchObject({ name: VERSION, notes: before[0]!.notes });
  await git('commit', '--quiet', '--all', '--message', `Note what ${VERSION} brings`);
});

test('a release gives all packages one version, commits and tags; nothing is pushed', { tags: 'whole' }, async () => {
  const noted = await readFile(join(copy, 'CHANGELOG.md'), 'utf8');
  await nx('release', VERSION, '--skip-publish');
  expect((await git('tag', '--points-at', 'HEAD')).trim()).toBe(`v${VERSION}`);
  expect((await git('log', '-1', '--format=%s')).trim()).toBe(`Release ${VERSION}`);
  expect(await git('status', '--porcelain')).toBe('');
  expect(await readFile(join(copy, 'CHANGELOG.md'), 'utf8')).toBe(noted);
  for (const { manifest } of await publishable(copy)) {
    expect(manifest.version).toBe(VERSION);
    for (const [name, range] of Object.entries(manifest.dependencies ?? {}))
      if (name.startsWith('@unweather/'))
        expect([manifest.name, name, range]).toEqual([manifest.name, name, `^${VERSION}`]);
  }
});

test('what is published asks for the same release of the others', { tags: 'whole' }, async () => {
  await nx('release', 'publish', '--first-release');
  for (const { manifest } of packages) {
    const metadata = await (await fetch(new URL(manifest.name, registry.address))).json();
    expect(metadata).toMatchObject({ 'dist-tags': { latest: VERSION } });
    const { dependencies = {} } = (metadata as { versions: Record<string, typeof manifest> }).versions[VERSION]!;
    const local = Object.entries(dependencies).filter(([name]) => name.startsWith('@unweather/'));
    expect(local).toEqual(local.map(([name]) => [name, `^${VERSION}`]));
    expect(local.map(([name]) => name)).toEqual(
      Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@unweather/')),
    );
    const file = `${manifest.name.replace('@unweather/', '')}-${VERSION}.tgz`;
    console.log(`${file}: ${inMegabytes((await stat(join(registry.storage, manifest.name, file))).size)}`);
  }
});

test('an empty project installs durn from there', { tags: 'whole' }, async () => {
  // onnxruntime-node's install script downloads CUDA libraries.
  await run('npm', ['install', '@unweather/durn', '--ignore-scripts', '--no-audit', '--no-fund'], project, env());
  const modules = join(project, 'node_modules');
  expect((await readManifest(join(modules, '@unweather/durn/package.json'))).version).toBe(VERSION);
  const foreign = await readdir(modules);
  const largest = await Promise.all(
    foreign.map(async (name) => [name, await bytesBelow(join(modules, name))] as const),
  );
  largest.sort((a, b) => b[1] - a[1]);
  console.log(`node_modules: ${inMegabytes(await bytesBelow(modules))}`);
  for (const [name, bytes] of largest.slice(0, 5)) console.log(`  ${name}: ${inMegabytes(bytes)}`);
});

test('ES modules, CommonJS and the command restore a photograph to the bytes that the repository gives', {
  tags: 'whole',
}, async () => {
  const restore = (name: string, ...start: string[]) => node(...start, at('photo.png'), at(name));
  await restore('repository.png', join(USER, 'restore.mjs'));
  await restore('esm.png', join(project, 'restore.mjs'));
  await restore('cjs.png', join(project, 'restore.cjs'));
  const options = ['--threads', '1', '--out', at('bin.png')];
  await run(join(project, 'node_modules/.bin/durn'), ['restore', at('photo.png'), ...options], project, env());
  const expected = await readFile(at('repository.png'));
  expect((await readPicture(at('repository.png'))).width).toBe(72);
  for (const name of ['esm.png', 'cjs.png', 'bin.png'])
    expect((await readFile(at(name))).equals(expected), name).toBe(true);
});

test.each([
  ['node16', 'node16'],
  ['esnext', 'bundler'],
])(
  'the compiler takes the types: module %s, moduleResolution %s',
  { tags: 'whole' },
  async (module, moduleResolution) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2022', 'esnext.disposable'],
      strict: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
    const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
    expect(await node(tsc, '-p', project)).toBe('');
  },
);

test('every command works from an install', { tags: 'whole' }, async () => {
  const names = packages.map(({ manifest }) => manifest.name);
  await run('npm', ['install', ...names, '--ignore-scripts', '--no-audit', '--no-fund'], project, env());
  const command = (name: string, ...args: string[]) =>
    run(join(project, 'node_modules/.bin', name), args, project, env());
  const bins = packages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}));
  for (const bin of bins) expect(await command(bin, '--help')).toContain(`Usage: ${bin} `);
  const papers = packages.filter(({ manifest }) => manifest.files?.includes('published.json'));
  expect(papers.length).toBeGreaterThan(0);
  for (const { manifest } of papers) {
    const goldens = join(project, 'node_modules', manifest.name, 'goldens');
    expect(await command(Object.keys(manifest.bin!)[0]!, 'parity', '--goldens', await smallest(goldens))).toMatch(
      /[1-9]\d* passed, 0 failed/,
    );
  }
  expect(await command('unweather-datasets', 'list')).toContain('did-mdn');
  expect(await command('unweather-weights', 'verify')).toBe(
    'ok @unweather/aecr#haze\nok @unweather/aecr#haze-aecr-net\nok @unweather/durn#rain\nok @unweather/durn#rain-durn-s\n4 right, 0 wrong\n',
  );
  expect(await command('unweather', 'restore', at('photo.png'), '-o', at('clear.png'), '--model', 'haze')).toMatch(
    /^aecr:haze \(KoschmiederNet, @unweather\/aecr#haze\) on onnxruntime-node cpu, 1 thread\n/,
  );
  await writeFile(at('meta.json'), '[["photo.png", "photo.png"]]');
  const score = ['--data', at('meta.json'), '--task', 'rain'];
  await command('durn', 'eval', ...score, '--out', at('results'));
  expect(await command('unweather-report', 'markdown', '--results', at('results'))).toContain('durn-rain');
  // The package bundles the parts of echarts that draw its charts.
  expect(existsSync(join(project, 'node_modules/echarts'))).toBe(false);
  await command('unweather-report', 'html', '--results', at('results'), '--out', at('report.html'));
  expect(await readFile(at('report.html'), 'utf8')).toContain('<svg');
});

/** Runs the command of an installation, or of the repository, on this machine alone. */
const durnOf = (path: string) => runnerOf(pathToFileURL(join(path, 'dist/cli.js')), env());
const durnInBare = () => durnOf(join(bare, 'node_modules/@unweather/durn'));

test('npm goes on where onnxruntime-node’s script fails, and a photograph comes out as by native code', {
  tags: 'whole',
}, async () => {
  await breakInstallScript(registry.storage, 'onnxruntime-node');
  // Its own cache does not contain the working package.
  await run('npm', ['install', '@unweather/durn', '--no-audit', '--no-fund'], bare, isolated(bare, registry.address));
  expect(existsSync(join(bare, 'node_modules/onnxruntime-node'))).toBe(false);
  const restore = (out: string) => ['restore', at('photo.png'), '--out', at(out)];
  const { status, stderr } = await durnInBare()(restore('wasm.png'), undefined, bare);
  expect(stderr.trim()).toMatch(
    /^the network runs on onnxruntime-web's WebAssembly, .+ onnxruntime-node cannot be loaded \(.+\); install it with "npm install onnxruntime-node --ignore-scripts"$/,
  );
  expect(status).toBe(0);
  const native = await durnOf(join(ROOT, 'packages/durn'))(restore('native.png'));
  expect(native).toMatchObject({ status: 0, stderr: '' });
  const [here, there] = [await readPicture(at('wasm.png')), await readPicture(at('native.png'))];
  expect([here.width, here.height]).toEqual([72, 56]);
  expect(here.data.reduce((a, value, i) => Math.max(a, Math.abs(value - there.data[i]!)), 0)).toBeLessThanOrEqual(1);
});

test('training says there that it needs the native engine', { tags: 'whole' }, async () => {
  const { status, stderr } = await durnInBare()(['train', '--steps', '1', '--out', at('run')], undefined, bare);
  expect(stderr.trim().split('\n').at(-1)).toBe(
    'error: training needs onnxruntime-node; install it with "npm install onnxruntime-node --ignore-scripts"',
  );
  expect(status).toBe(1);
});

/** Makes a folder with the smallest of the golden files, since all of them take minutes. */
async function smallest(goldens: string): Promise<string> {
  const names = await readdir(goldens);
  const sizes = await Promise.all(names.map(async (name) => [(await stat(join(goldens, name))).size, name] as const));
  const [, name] = sizes.reduce((a, b) => (a[0] < b[0] ? a : b));
  const chosen = await mkdtemp(at('goldens-'));
  await cp(join(goldens, name), join(chosen, name));
  return chosen;
}
