import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Random } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { readMeta } from '../meta.js';
import { openPair } from '../pair.js';
import { readRegistry } from '../registry.js';
import { temporaryFolder, writeNoise } from '../test-support.js';
import { LAYOUTS } from './layouts.js';

const cli = fileURLToPath(new URL('../cli.js', import.meta.url));

async function meta(...args: string[]) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'meta', ...args]);
    return { status: 0, stdout, stderr: '' };
  } catch (thrown) {
    const { code, stderr } = thrown as { code: number; stderr: string };
    return { status: code, stdout: '', stderr };
  }
}

/** A download of two names in the official layout. */
async function download(names: string, pictures: Record<string, [number, number]>) {
  const root = await temporaryFolder();
  for (const file of Object.keys(pictures)) await mkdir(join(root, file, '..'), { recursive: true });
  await writeNoise(root, pictures);
  const list = join(root, 'list.txt');
  await writeFile(list, names);
  return { root, list };
}

test('a download and its list become a meta file whose pairs can be opened', async () => {
  const { root, list } = await download('7.jpg 0\n\n12.jpg 0\n', {
    ...Object.fromEntries(['7', '12'].map((n) => [`label/${n}.jpg`, [8, 6] as [number, number]])),
    ...Object.fromEntries(
      ['7', '12'].flatMap((n) => Array.from({ length: 14 }, (_, v) => [`rain_image/${n}_${v + 1}.jpg`, [8, 6]])),
    ),
  });
  const ended = await meta('--dataset', 'rain1400', '--split', 'test-nledn', '--root', root, '--list', list);
  const path = join(root, 'rain1400-test-nledn.json');
  expect(ended).toEqual({
    status: 0,
    stdout: `wrote ${path}: 28 pairs of 2 names\nnote: the official list has 350 names\n`,
    stderr: '',
  });
  const pairs = await readMeta(path);
  expect(pairs).toHaveLength(28);
  expect(pairs[15]).toMatchObject({ truth: join(root, 'label/12.jpg'), input: join(root, 'rain_image/12_2.jpg') });
  expect(await openPair(pairs[15]!, new Random(1))).toMatchObject({ truth: { width: 8 }, input: { width: 8 } });
});

test('truths that are larger than their inputs are named by their middle', async () => {
  const { root, list } = await download('1400.png\n', {
    'labels/1400.png': [12, 10],
    ...Object.fromEntries(Array.from({ length: 10 }, (_, v) => [`images/1400_${v + 1}.png`, [8, 6]])),
  });
  const ended = await meta('--dataset', 'reside', '--split', 'sots-indoor', '--root', root, '--list', list);
  expect(ended.stdout).toContain('note: 10 truths are larger than their inputs; their middle is taken\n');
  const [pair] = await readMeta(join(root, 'reside-sots-indoor.json'));
  expect(pair!.truth).toBe(join(root, 'labels/1400.png#centre-8x6'));
});

test('a folder of numbered files needs no list', async () => {
  const root = await temporaryFolder();
  const pair = await readFile(new URL('../../goldens/pair.h5', import.meta.url));
  for (const name of ['10.h5', '9.h5', 'other.h5']) await writeFile(join(root, name), pair);
  expect(await meta('--dataset', 'its-h5', '--split', 'test', '--root', root)).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(await readFile(join(root, 'its-h5-test.json'), 'utf8'))).toEqual([
    ['9.h5#gt', '9.h5#haze'],
    ['10.h5#gt', '10.h5#haze'],
  ]);
  const none = await meta('--dataset', 'its-h5', '--split', 'test', '--root', await temporaryFolder());
  expect(none.stderr).toMatch(/holds no files like 0\.h5; check the path of the download/);
  const without = await meta('--dataset', 'cars', '--split', 'test', '--root', root);
  expect(without.stderr).toMatch(/cars needs its official list of names; give it with --list/);
});

test('three rains of one scene share the truth of the light one, as MANAS has it', async () => {
  const folder = (level: string) => `Rain_${level}/data_augment/train2018new`;
  const levels = ['Light', 'Medium', 'Heavy'];
  const files = ['10', '9'].flatMap((name) => levels.map((level) => [`${folder(level)}/${name}.jpg`, [8, 6]] as const));
  const { root } = await download('', Object.fromEntries(files) as Record<string, [number, number]>);
  const ended = await meta('--dataset', 'did-mdn', '--split', 'train-manas', '--root', root);
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  expect(ended.stdout).toContain('6 pairs of 2 names');
  const truth = (name: string) => `${folder('Light')}/${name}.jpg#right`;
  expect(JSON.parse(await readFile(join(root, 'did-mdn-train-manas.json'), 'utf8'))).toEqual(
    ['9', '10'].flatMap((name) => levels.map((level) => [truth(name), `${folder(level)}/${name}.jpg#left`])),
  );
});

test('a meta file may name halves of a file and noise', async () => {
  const { root, list } = await download('3.png\n', { '3.png': [8, 6] });
  const out = join(root, 'out.json');
  const common = ['--split', 'test', '--root', root, '--list', list, '--out', out];
  expect(await meta('--dataset', 'did-mdn', ...common)).toMatchObject({ status: 0 });
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual([['3.png#right', '3.png#left']]);
  expect((await meta('--dataset', 'bsd-gray', ...common)).stdout).toContain('give --root with it');
  const noisy = await readMeta(out);
  expect(noisy.map((pair) => pair.kind === 'synthesised' && pair.level)).toEqual(['30', '50', '70']);
});

test.each<[string, string[], RegExp]>([
  ['an unknown dataset', ['--dataset', 'rain2000', '--split', 'test'], /Allowed choices are bsd-gray/],
  [
    'an unknown split',
    ['--dataset', 'gopro', '--split', 'val'],
    /there is no split of gopro "val"; choose one of train/,
  ],
  ['a missing list', ['--dataset', 'cars', '--split', 'test', '--list', '/nowhere'], /nowhere: cannot be read .+ list/],
  ['a missing picture', ['--dataset', 'cars', '--split', 'test'], /pair "entry 0": .+sharp\/1\.png: not a readable/],
])('%s ends with one line', async (_what, args, message) => {
  const { root, list } = await download('1.png\n', { 'x.png': [8, 8] });
  const ended = await meta(...(args.includes('--list') ? [] : ['--list', list]), '--root', root, ...args);
  expect(ended.stderr).toMatch(message);
  expect(ended.status).toBe(1);
});

test('a list that is empty or names a picture twice is refused by line', async () => {
  const empty = await download('\n', {});
  const twice = await download('1.png\n2.png\n1.png\n', {});
  const args = ['--dataset', 'cars', '--split', 'test', '--root', empty.root];
  expect((await meta(...args, '--list', empty.list)).stderr).toMatch(/list\.txt: no names; a list has one a line/);
  expect((await meta(...args, '--list', twice.list)).stderr).toMatch(
    /list\.txt: line 3: "1\.png" stands on line 1 already/,
  );
});

test('datasets.json and the layouts know the same datasets, splits and counts', async () => {
  const { datasets } = await readRegistry(fileURLToPath(new URL('../../../../datasets.json', import.meta.url)));
  for (const [dataset, splits] of Object.entries(LAYOUTS))
    for (const [name, { names, entries }] of Object.entries(splits)) {
      const split = datasets[dataset]!.splits.find((candidate) => candidate.name === name)!;
      expect(split.pairs, `${dataset} ${name}`).toBe(names && names * entries('1_mean.png').length);
      expect(split.prepare).toContain(`--dataset ${dataset} --split ${name} `);
    }
});
