import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cut, readPicture, writePng } from '@unweather/core-tensor';
import { temporaryFolder } from '@unweather/testing';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importedPackages } from './imports.js';
import { openRegistry } from './registry.js';
import { isolated, run } from './run.js';
import { inMegabytes } from './sizes.js';
import { type Package, publishable, ROOT } from './workspace.js';

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let folder: string;
let packages: Package[];
let tarballs: Packed[];
const from = (packed: Packed) =>
  join(ROOT, 'packages', packages.find(({ manifest }) => manifest.name === packed.name)!.folder);

beforeAll(async () => {
  folder = await temporaryFolder();
  packages = await publishable();
  const which = packages.map((one) => `./packages/${one.folder}`);
  const out = await run('npm', ['pack', ...which, '--json', '--pack-destination', folder], ROOT, isolated(folder));
  tarballs = JSON.parse(out) as Packed[];
  for (const { name, size, unpackedSize } of tarballs)
    console.log(`${name}: ${inMegabytes(size)} packed, ${inMegabytes(unpackedSize)} unpacked`);
});
afterAll(() => rm(folder, { recursive: true }));

test('tarballs hold what users need, and nothing of the tests', () => {
  expect(tarballs.map(({ name }) => name)).toEqual(packages.map(({ manifest }) => manifest.name));
  for (const { name, files } of tarballs) {
    const paths = files.map(({ path }) => path);
    expect(paths, name).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']),
    );
    expect(
      paths.filter((path) => /\.test\.|test-support|testing|tsbuildinfo|node_modules|\.pyc?$/.test(path)),
      name,
    ).toEqual([]);
  }
});

test('what is compiled asks for nothing of the tests and has its source in the tarball, where source maps lead', async () => {
  for (const packed of tarballs) {
    const paths = new Set(packed.files.map(({ path }) => path));
    const compiled = [...paths].filter((path) => path.startsWith('dist/') && path.endsWith('.js'));
    for (const path of compiled) {
      const source = path.replace('dist/', 'src/').replace(/\.js$/, '.ts');
      expect(paths.has(source), `${packed.name}: no ${source}; remove packages/*/dist and build again`).toBe(true);
      // The repository has this package, a user's project does not.
      expect(await readFile(join(from(packed), path), 'utf8'), path).not.toContain('@unweather/testing');
    }
    for (const path of [...paths].filter((path) => path.endsWith('.map'))) {
      const { sources } = JSON.parse(await readFile(join(from(packed), path), 'utf8')) as { sources: string[] };
      const lost = sources
        .map((source) => posix.join(posix.dirname(path), source))
        .filter((source) => !paths.has(source));
      expect(lost, `${packed.name}/${path}`).toEqual([]);
    }
  }
});

test('what is compiled imports only what an install brings; what is bundled has its licence beside it', async () => {
  for (const packed of tarballs) {
    const { manifest } = packages.find(({ manifest }) => manifest.name === packed.name)!;
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    const brought = [
      packed.name,
      ...[dependencies, optionalDependencies, peerDependencies].flatMap((of) => Object.keys(of ?? {})),
    ];
    for (const { path } of packed.files.filter(({ path }) => path.startsWith('dist/') && path.endsWith('.js'))) {
      const imported = importedPackages(await readFile(join(from(packed), path), 'utf8'));
      expect(
        [...imported].filter((name) => !brought.includes(name)),
        `${packed.name}/${path}`,
      ).toEqual([]);
    }
  }
  const report = tarballs.find(({ name }) => name === '@unweather/report')!;
  const licences = await readFile(join(from(report), 'dist/html/svg-chart.licences.txt'), 'utf8');
  expect(report.files.map(({ path }) => path)).toContain('dist/html/svg-chart.licences.txt');
  for (const words of ['Apache License', 'The Apache Software Foundation', 'Baidu Inc.', 'Mike Bostock', 'Microsoft'])
    expect(licences).toContain(words);
});

/** Names of a package and of all ours that it depends on. */
function closure(name: string, found = new Set<string>()): Set<string> {
  const one = packages.find(({ manifest }) => manifest.name === name);
  if (one === undefined || found.has(name)) return found;
  found.add(name);
  for (const other of Object.keys(one.manifest.dependencies ?? {})) closure(other, found);
  return found;
}

test('an empty project installs durn, which restores a photograph to the bytes that the repository gives', async () => {
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "name": "empty", "private": true }');
  const picture = await readPicture(join(ROOT, 'packages/datasets/embedded/held-out/coffee.png'));
  const photo = join(folder, 'photo.png');
  await writePng(photo, cut(picture, { left: 40, top: 30, width: 72, height: 56 }));
  const registry = await openRegistry(folder);
  try {
    const env = isolated(folder, registry.address);
    const names = closure('@unweather/durn');
    const files = tarballs.filter(({ name }) => names.has(name)).map(({ filename }) => join(folder, filename));
    await run('npm', ['install', ...files, '--ignore-scripts', '--no-audit', '--no-fund'], project, env);
    const restored = async (name: string, command: string, ...start: string[]) => {
      const out = join(folder, name);
      await run(command, [...start, 'restore', photo, '--threads', '1', '--out', out], project, env);
      return readFile(out);
    };
    const expected = await restored('repository.png', process.execPath, join(ROOT, 'packages/durn/dist/cli.js'));
    const installed = await restored('installed.png', join(project, 'node_modules/.bin/durn'));
    expect(installed.equals(expected)).toBe(true);
    expect((await readPicture(join(folder, 'installed.png'))).width).toBe(72);
  } finally {
    await registry.close();
  }
});

test('publint, strict, finds nothing', { tags: 'whole' }, async () => {
  for (const { name, filename } of tarballs) {
    const bytes = new Uint8Array(await readFile(join(folder, filename)));
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytes.buffer } });
    expect(
      messages.map((message) => formatMessage(message, pkg)),
      name,
    ).toEqual([]);
  }
});

test('are-the-types-wrong finds nothing for importers of ESM', { tags: 'whole' }, async () => {
  const attw = join(dirname(fileURLToPath(import.meta.resolve('@arethetypeswrong/cli/package.json'))), 'dist/index.js');
  const rest = ['--profile', 'esm-only', '--no-color', '--no-emoji'];
  for (const { name, filename } of tarballs)
    expect(await run(process.execPath, [attw, filename, ...rest], folder, isolated(folder))).toContain(name);
});
