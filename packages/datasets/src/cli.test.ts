import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { datasetOf, readRegistry } from './registry.js';
import { temporaryFolder, writeMiniature } from './test-support.js';

const cli = fileURLToPath(new URL('./cli.js', import.meta.url));
const registry = await readRegistry();

/** Runs the command line; `watch` sees its output. */
function run(
  args: readonly string[],
  cwd: string,
  watch: (text: string, interrupt: () => void) => void = () => undefined,
) {
  const child = spawn(process.execPath, [cli, ...args], { cwd });
  let [stdout, stderr] = ['', ''];
  let interrupted = false;
  const interrupt = () => {
    if (!interrupted) child.kill('SIGINT');
    interrupted = true;
  };
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    watch(stdout, interrupt);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

const rain12 = datasetOf(registry, 'rain12').splits[0]!.layouts![0]!;
const twelve = Array.from({ length: 12 }, (_, index) => String(index + 1));

test('prepare, verify and list: a whole download', async () => {
  const home = await temporaryFolder();
  await writeMiniature(join(home, 'Rain12'), rain12, twelve);
  const prepared = await run(['prepare', 'rain12', '--root', 'Rain12'], home);
  expect(prepared).toEqual({
    status: 0,
    stdout:
      'rain12 test: 12 of 12 pairs\nwrote meta/rain12/test.json\nthe paths in these meta files are relative to Rain12; give it with --root\n',
    stderr: '',
  });
  expect(JSON.parse(await readFile(join(home, 'meta/rain12/test.info.json'), 'utf8')).root).toBe('../../Rain12');
  expect(await run(['verify', '--strict'], home)).toMatchObject({
    status: 0,
    stdout: 'rain12 test: 24 files are unchanged\n',
  });
  const { stdout: table } = await run(['list'], home);
  expect(table).toMatch(/\| rain12 +\| test +\| rain +\| +12 \| 12 pairs \|/);
  expect(table).toMatch(/\| csd +\| train +\| snow +\| +not stated \| missing +\|/);
  const rows = JSON.parse((await run(['list', '--json'], home)).stdout);
  expect(rows.find((row: { dataset: string }) => row.dataset === 'rain12')).toEqual({
    dataset: 'rain12',
    split: 'test',
    task: 'rain',
    expected: 12,
    prepared: 12,
    partial: false,
  });
});

test('what is wrong is one line, status 1, and nothing is written', async () => {
  const home = await temporaryFolder();
  await writeMiniature(join(home, 'Rain12'), rain12, twelve.slice(1));
  const failed = await run(['prepare', 'rain12', '--root', 'Rain12'], home);
  expect(failed.status).toBe(1);
  expect(failed.stderr).toMatch(
    /^error: rain12 test: 11 of 12 pairs, 0 wrong; complete the download, or .+ --allow-partial 1\n$/,
  );
  expect(await readdir(home)).toEqual(['Rain12']);
  const partial = await run(['prepare', 'rain12', '--root', 'Rain12', '--allow-partial', '1', '--log', 'jsonl'], home);
  expect(partial.status).toBe(0);
  const events = partial.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.filter(({ event }) => event === 'progress').at(-1)).toEqual({
    event: 'progress',
    what: 'rain12 test',
    done: 22,
    total: 22,
  });
  expect(events).toContainEqual({ event: 'wrote', path: 'meta/rain12/test.json' });
  expect((await run(['list'], home)).stdout).toMatch(/\| 11 pairs, partial \|/);
});

test.each<[string, string[], RegExp]>([
  ['an unknown option', ['prepare', 'csd', '--root', '.', '--allow', '1'], /^error: unknown option '--allow'/],
  ['a root that is missing', ['prepare', 'csd'], /^error: required option '--root <folder>' not specified\n$/],
  ['a count that is none', ['prepare', 'csd', '--root', '.', '--allow-partial', 'x'], /It must be a whole number\.\n$/],
  ['the command that was', ['meta'], /^error: unknown command 'meta'/],
])('%s is refused', async (_what, args, message) => {
  const ended = await run(args, await temporaryFolder());
  expect(ended.status).toBe(1);
  expect(ended.stderr).toMatch(message);
});

test('statistics names the list of real pairs that cannot be read', async () => {
  expect(await run(['statistics', '--data', 'none.json'], await temporaryFolder())).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^error: none\.json: cannot be read \(no such file or folder\); check the path/),
  });
});

test('pairs and verify: two folders become two meta files that share nothing', async () => {
  const home = await temporaryFolder();
  const names = ['dog', 'waves', 'house'];
  for (const name of names)
    for (const path of [`clean/${name}.png`, `rainy/${name}_1.png`]) {
      await mkdir(join(home, dirname(path)), { recursive: true });
      await copyFile(new URL(`../embedded/train/${name}.png`, import.meta.url), join(home, path));
    }
  const folders = ['--truth', 'clean', '--input', 'rainy', '-o', 'train.json'];
  expect(await run(['pairs', ...folders, '--held-out', '0.3', '--seed', '7'], home)).toEqual({
    status: 0,
    stdout:
      "3 inputs fit 3 truths by --match '{id}_{level}={id}'\n" +
      'train.json: 2 pairs of 2 scenes, to train on\nwrote train.json\n' +
      'train.held-out.json: 1 pair of 1 scene, held out\nwrote train.held-out.json\n',
    stderr: '',
  });
  const lists = ['--train', 'train.json', '--test', 'train.held-out.json'];
  expect(await run(['verify', ...lists, '--strict'], home)).toMatchObject({ status: 0, stderr: '' });
  expect(await run(['verify', '--train', 'train.json', '--test', 'train.json', '--strict'], home)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^error: train\.json: shares 4 pictures with train\.json, as listed; leave/),
  });
  expect(await run(['verify', '--train', 'train.json'], home)).toMatchObject({
    status: 1,
    stderr: 'error: --train and --test belong together, without a dataset; give both meta files\n',
  });
  expect(await run(['pairs', ...folders, '--held-out', '1.5'], home)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/It must be a fraction such as 0\.1, or a whole number of scenes\.\n$/),
  });
  await rm(join(home, 'clean/dog.png'));
  expect(await run(['pairs', ...folders], home)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^error: train\.json: 2 pairs; 1 input without a truth \(dog_1\.png\); correct/),
  });
});

test('Ctrl-C stops with status 130 and writes nothing', async () => {
  const home = await temporaryFolder();
  const { layouts } = datasetOf(registry, 'real-noise-hkpoly').splits[1]!;
  await writeMiniature(
    join(home, 'data'),
    layouts![0]!,
    Array.from({ length: 400 }, (_, index) => `S_${index}`),
  );
  const args = ['prepare', 'real-noise-hkpoly', '--split', 'test', '--root', 'data', '--log', 'jsonl'];
  const ended = await run(args, home, (text, interrupt) => text.includes('"done":5,') && interrupt());
  expect(ended).toMatchObject({ status: 130, stderr: 'stopped; nothing was written\n' });
  expect(await readdir(home)).toEqual(['data']);
});
