import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { Random } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { readMeta } from '../meta.js';
import { openPair } from '../pair.js';
import { type RegisteredSplit, readRegistry } from '../registry.js';
import { listener, registryWith, temporaryFolder, writeMiniature } from '../test-support.js';
import { prepare } from './prepare.js';
import { fieldsIn, fill, parseTemplate, patternOf } from './template.js';

const { datasets } = await readRegistry();
const SCENES = ['7', '12'];

/** Every registered layout. */
const layouts = Object.entries(datasets).flatMap(([dataset, { splits }]) =>
  splits.flatMap((split) =>
    (split.layouts ?? []).map(
      (layout, index) => [`${dataset} ${split.name} ${index}`, dataset, split, layout] as const,
    ),
  ),
);

/** Writes a list of one scene in the official format. */
async function listOf(root: string, split: RegisteredSplit, input: string, scene: string): Promise<string> {
  const line = split.list?.line ?? parseTemplate(input).file.split('/').at(-1)!;
  const list = join(root, 'list.txt');
  const values = Object.fromEntries(fieldsIn(line).map((name) => [name, scene]));
  await writeFile(list, `${fill(line, { ...values, variant: '1', beta: '0.5', light: '0.5', strength: '0.5' })}\n`);
  return list;
}

test.each(layouts)('%s: a miniature of the download is prepared', async (_name, dataset, split, layout) => {
  const root = await temporaryFolder();
  const { pairs, files } = await writeMiniature(root, layout, SCENES);
  const registry = await registryWith(dataset, split.name, pairs);
  const out = join(root, 'meta');
  const list = await listOf(root, split, layout.input, SCENES[1]!);
  if (split.list?.needed !== true) {
    const [meta] = await prepare(registry, { dataset, root, split: split.name, out, allowPartial: 0 }, listener());
    const entries = await readMeta(meta!, root);
    expect(entries).toHaveLength(pairs);
    expect(new Set(entries.map((pair) => JSON.stringify(pair))).size).toBe(pairs);
    for (const pair of [entries[0]!, entries.at(-1)!])
      expect((await openPair(pair, new Random(1))).truth).toMatchObject(
        /\.h5#/.test(layout.input) ? { width: 10, height: 12 } : { width: 8, height: 6 },
      );
    const info = JSON.parse(await readFile(meta!.replace('.json', '.info.json'), 'utf8'));
    expect(Object.keys(info.files).sort()).toEqual([...files].sort());
  }
  const [meta] = await prepare(
    registry,
    { dataset, root, split: split.name, list, out, allowPartial: pairs },
    listener(),
  );
  const listed = await readMeta(meta!, root);
  expect(listed.length).toBeLessThanOrEqual(pairs / 2);
  expect(listed.every(({ truth }) => relative(root, truth).includes('12'))).toBe(true);
});

test.each(layouts)(
  '%s: fields are read as they were written, the truth has none that the input lacks',
  (_name, _dataset, _split, layout) => {
    const [input, truth] = [parseTemplate(layout.input), parseTemplate(layout.truth)];
    for (const name of truth.fields.keys()) expect([...input.fields.keys()]).toContain(name);
    const values = Object.fromEntries(
      [...input.fields.values()].map(({ name, choices }) => [name, choices?.at(-1) ?? '31']),
    );
    const path = fill(input.file, values);
    const expected = Object.fromEntries(fieldsIn(input.file).map((name) => [name, values[name]]));
    expect({ ...patternOf(input, input.file).exec(path)?.groups }).toEqual(expected);
  },
);

test('without --split, every split is prepared that lies in its folder of the download', async () => {
  const root = await temporaryFolder();
  const registry = structuredClone({ datasets });
  for (const split of registry.datasets.raindrop!.splits)
    if (split.name !== 'train') split.pairs = (await writeMiniature(root, split.layouts![0]!, SCENES)).pairs;
  const reporter = listener();
  const written = await prepare(
    registry,
    { dataset: 'raindrop', root, out: join(root, 'meta'), allowPartial: 0 },
    reporter,
  );
  expect(written).toEqual(['test-a', 'test-b'].map((name) => join(root, `meta/raindrop/${name}.json`)));
  expect(reporter.said[0]).toBe('not found: raindrop train');
  expect(reporter.said).toContain(`note: ${registry.datasets.raindrop!.splits[2]!.note}`);
  expect(registry.datasets.raindrop!.splits[2]!.note).toContain('not aligned');
});

test('endings may differ in case, and what systems leave behind does not count', async () => {
  const root = await temporaryFolder();
  const split = datasets.raindrop!.splits.find(({ name }) => name === 'test-a')!;
  const { pairs, files } = await writeMiniature(root, split.layouts![0]!, SCENES);
  const upper = files.map((file) => file.replace(/7_[a-z]+\.png$/, (name) => name.replace('.png', '.PNG')));
  for (const [i, file] of files.entries()) {
    await rename(join(root, file), join(root, upper[i]!));
    for (const name of [`._${basename(file)}`, '.DS_Store', 'Thumbs.db'])
      await writeFile(join(root, dirname(file), name), 'left behind');
    await mkdir(join(root, dirname(file), '@eaDir'), { recursive: true });
  }
  expect(upper).not.toEqual(files);
  const registry = await registryWith('raindrop', split.name, pairs);
  const options = { dataset: 'raindrop', split: split.name, root, out: join(root, 'meta'), allowPartial: 0 };
  const reporter = listener();
  const [meta] = await prepare(registry, options, reporter);
  const info = JSON.parse(await readFile(meta!.replace('.json', '.info.json'), 'utf8'));
  expect(Object.keys(info.files).sort()).toEqual([...upper].sort());
  expect(reporter.said.filter((text) => text.includes('left out'))).toEqual([]);
  for (const pair of await readMeta(meta!, root)) expect((await openPair(pair, new Random(1))).truth.width).toBe(8);
});

test('pairs come in the order of numbers, and those of a scene in the order of its levels', async () => {
  const root = await temporaryFolder();
  const entriesOf = async (split: RegisteredSplit) => {
    const { pairs } = await writeMiniature(root, split.layouts![0]!, ['10', '9']);
    const registry = await registryWith('did-mdn', split.name, pairs);
    const options = { dataset: 'did-mdn', split: split.name, root, out: join(root, 'meta'), allowPartial: 0 };
    const [meta] = await prepare(registry, options, listener());
    return JSON.parse(await readFile(meta!, 'utf8'));
  };
  const [official, , manas] = datasets['did-mdn']!.splits;
  const pairs = (levels: readonly string[], of: (level: string, n: string) => readonly [string, string]) =>
    ['9', '10'].flatMap((n) => levels.map((level) => of(`DID-MDN-training/Rain_${level}`, n)));
  expect(await entriesOf(official!)).toEqual(
    pairs(['Heavy', 'Medium', 'Light'], (level, n) => {
      const file = `${level}/train2018new/${n}.jpg`;
      return [`${file}#right`, `${file}#left`];
    }),
  );
  // MANAS's three rains of a scene share the truth of the light one.
  expect(await entriesOf(manas!)).toEqual(
    pairs(['Light', 'Medium', 'Heavy'], (level, n) => {
      const file = `data_augment/train2018new/${n}.jpg`;
      return [`DID-MDN-training/Rain_Light/${file}#right`, `${level}/${file}#left`];
    }),
  );
});
