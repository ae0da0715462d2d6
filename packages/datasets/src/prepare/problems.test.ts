import { copyFile, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRegistry } from '../registry.js';
import { listener, registryWith, temporaryFolder, writeMiniature, writePicture } from '../test-support.js';
import type { PrepareOptions } from './options.js';
import { prepare } from './prepare.js';
import { preparedSplits, readPrepared } from './sidecar.js';

const { datasets } = await readRegistry();

/** Builds a download of RainDrop's test split a, two pairs, then breaks something in it. */
async function raindrop(
  change: (at: (path: string) => string) => Promise<void> = async () => undefined,
  pairs: number | null = 2,
) {
  const root = await temporaryFolder();
  await writeMiniature(root, datasets.raindrop!.splits[1]!.layouts![0]!, ['7', '12']);
  await change((path) => join(root, 'test_a', path));
  const out = join(root, 'meta');
  const reporter = listener();
  const run = async (options: Partial<PrepareOptions> = {}) =>
    prepare(
      await registryWith('raindrop', 'test-a', pairs),
      { dataset: 'raindrop', root, split: 'test-a', out, allowPartial: 0, ...options },
      reporter,
    );
  return { root, out, run, said: reporter.said };
}

test.each<[string, Parameters<typeof raindrop>[0], RegExp]>([
  [
    'a truth that is missing',
    (at) => rm(at('gt/7_clean.png')),
    /1 wrong: test_a\/data\/7_rain\.png: its truth gt\/7_clean\.png is missing; complete/,
  ],
  [
    'an input that is missing',
    (at) => rm(at('data/12_rain.png')),
    /test_a\/gt\/12_clean\.png: its input data\/12_rain\.png is missing/,
  ],
  [
    'an empty file',
    (at) => truncate(at('data/7_rain.png')),
    /test_a\/gt\/7_clean\.png and test_a\/data\/7_rain\.png: .+7_rain\.png: not a readable picture/,
  ],
  ['a file that was cut off', (at) => truncate(at('gt/7_clean.png'), 150), /7_clean\.png: not a readable picture/],
  [
    'a link to itself',
    async (at) => {
      await rm(at('gt/7_clean.png'));
      await symlink('7_clean.png', at('gt/7_clean.png'));
    },
    /7_clean\.png: cannot be read \(its symbolic links lead in a circle\)/,
  ],
  [
    'a folder in a file’s place',
    async (at) => {
      await rm(at('gt/7_clean.png'));
      await mkdir(at('gt/7_clean.png'));
    },
    /7_clean\.png: cannot be read \(it is a folder\)/,
  ],
  [
    'another size',
    (at) => writePicture(at('data/7_rain.png'), 9, 6),
    /7_clean\.png and test_a\/data\/7_rain\.png: differ in size, 8×6 and 9×6/,
  ],
])('%s stops with the pair, and nothing is written', async (_what, change, message) => {
  const { out, run } = await raindrop(change);
  await expect(run()).rejects.toThrow(message);
  await expect(run()).rejects.toThrow(/^raindrop test-a: 1 of 2 pairs, 1 wrong: .+ by --allow-partial 1$/);
  expect(await preparedSplits(out)).toEqual([]);
});

test('--allow-partial goes on without pairs, and the sidecar says which', async () => {
  const { root, out, run } = await raindrop((at) => rm(at('gt/7_clean.png')));
  const [meta] = await run({ allowPartial: 1 });
  expect(await readPrepared(meta!.replace('.json', '.info.json'))).toMatchObject({
    root,
    pairs: 1,
    expected: 2,
    leftOut: [{ files: ['test_a/data/7_rain.png'], why: 'its truth gt/7_clean.png is missing' }],
    notes: ['pairs left out: 1'],
  });
  expect(await preparedSplits(out)).toMatchObject([
    { dataset: 'raindrop', split: 'test-a', meta, root, pairs: 1, partial: true },
  ]);
});

test('only the first pairs that are wrong are listed, with the count', async () => {
  const root = await temporaryFolder();
  const scenes = ['1', '2', '3', '4', '5', '6', '7'];
  await writeMiniature(root, datasets.raindrop!.splits[1]!.layouts![0]!, scenes);
  await rm(join(root, 'test_a/gt'), { recursive: true });
  await expect(
    prepare(
      await registryWith('raindrop', 'test-a', 7),
      { dataset: 'raindrop', root, out: root, allowPartial: 0 },
      listener(),
    ),
  ).rejects.toThrow(/0 of 7 pairs, 7 wrong: .+5_clean\.png is missing, and 2 more; complete/);
});

test('too few pairs and too many are refused with both counts', async () => {
  const few = await raindrop(undefined, 3);
  await expect(few.run()).rejects.toThrow(
    /test-a: 2 of 3 pairs, 0 wrong; complete the download, or .+ --allow-partial 1/,
  );
  await few.run({ allowPartial: 1 });
  expect(await preparedSplits(few.out)).toMatchObject([{ pairs: 2, expected: 3, partial: true }]);
  const many = await raindrop(undefined, 1);
  await expect(many.run({ allowPartial: 9 })).rejects.toThrow(
    /contains 2 pairs of raindrop test-a, 1 expected; give the official list with --list/,
  );
  const unknown = await raindrop(undefined, null);
  await unknown.run();
  expect(await preparedSplits(unknown.out)).toMatchObject([{ expected: null, partial: false }]);
});

test('a root that is missing, is a file, or holds something else is named', async () => {
  const { root, run } = await raindrop();
  await expect(run({ root: '/nowhere' })).rejects.toThrow(
    '/nowhere: cannot be read (no such file or folder); check the path',
  );
  await expect(run({ root: join(root, 'test_a/gt/7_clean.png') })).rejects.toThrow(
    /7_clean\.png: is a file; unpack the download/,
  );
  const empty = await temporaryFolder();
  await expect(run({ root: empty })).rejects.toThrow(
    /contains no raindrop test-a; looked for test_a\/data\/\{scene\}_rain\.png$/,
  );
  await expect(run({ root: empty, split: undefined })).rejects.toThrow(
    /contains no split of raindrop; looked for .+ check --root or choose a --split/,
  );
});

test('unknown names, and lists that are missing or out of place, are refused with what there is', async () => {
  const { root, run } = await raindrop();
  await expect(run({ dataset: 'rain2000' })).rejects.toThrow(
    /there is no dataset "rain2000"; choose one of embedded, did-mdn/,
  );
  await expect(run({ split: 'val' })).rejects.toThrow(
    /raindrop has no split "val"; choose one of train, test-a, test-b/,
  );
  await expect(run({ dataset: 'embedded', split: undefined })).rejects.toThrow(/embedded: is part of the package/);
  await expect(run({ dataset: 'rain1400', split: 'test' })).rejects.toThrow(
    /rain1400 test needs its official list, lists\/DDN_Data\/testlist\.txt/,
  );
  const list = join(root, 'list.txt');
  await writeFile(list, '7\n');
  await expect(run({ split: undefined, list })).rejects.toThrow(
    /list\.txt: a list applies to one split; choose it with --split/,
  );
  await expect(run({ dataset: 'gopro', split: 'test', list })).rejects.toThrow(/contains no gopro test/);
  await expect(run({ list: '/nowhere' })).rejects.toThrow(
    '/nowhere: cannot be read (no such file or folder); check the path of the list',
  );
  await writeFile(list, '\n');
  await expect(run({ list })).rejects.toThrow(/list\.txt: contains no names; write one name per line/);
  await writeFile(list, '7\n12\n7\n');
  await expect(run({ list })).rejects.toThrow(/list\.txt: line 3: "7" is already on line 1/);
  await writeFile(list, '7 0\n\n12 0\n13\n');
  await expect(run({ list })).rejects.toThrow(
    /2 of 2 pairs, 1 wrong: test_a\/gt\/13_clean\.png: its input data\/13_rain\.png is missing/,
  );
});

test('a list of another split is refused by its line', async () => {
  const root = await temporaryFolder();
  await writeMiniature(root, datasets.gopro!.splits[1]!.layouts![0]!, ['7']);
  await writeFile(join(root, 'list.txt'), '7.png\n');
  await expect(
    prepare(
      await registryWith('gopro', 'test', 1),
      { dataset: 'gopro', split: 'test', root, list: join(root, 'list.txt'), out: root, allowPartial: 0 },
      listener(),
    ),
  ).rejects.toThrow(
    /list\.txt: "7\.png" is not a line like \{sequence\}\/\{frame\}\.png; check that the list belongs to this split/,
  );
});

test('the same truths in two folders, and one hazy picture under two names, are refused', async () => {
  const root = await temporaryFolder();
  const [, its, , indoor] = datasets.reside!.splits;
  await writeMiniature(root, indoor!.layouts![0]!, ['7']);
  await writeMiniature(root, indoor!.layouts![1]!, ['7']);
  const options = { dataset: 'reside', root, out: root, allowPartial: 0 };
  await expect(
    prepare(await registryWith('reside', 'sots-indoor', 10), { ...options, split: 'sots-indoor' }, listener()),
  ).rejects.toThrow(
    /contains sots-indoor twice, .+ with SOTS\/indoor\/gt\/\{scene\}\.png and .+ with SOTS\/indoor\/clear\/\{scene\}\.png; move one away/,
  );
  await writeMiniature(root, its!.layouts![0]!, ['7']);
  await copyFile(join(root, 'ITS/hazy/7_3_0.5.png'), join(root, 'ITS/hazy/7_3_0.6.png'));
  await expect(
    prepare(await registryWith('reside', 'its', 10), { ...options, split: 'its' }, listener()),
  ).rejects.toThrow(
    /9 of 10 pairs, 1 wrong: ITS\/hazy\/7_3_0\.5\.png and ITS\/hazy\/7_3_0\.6\.png: are several files with the same name/,
  );
});
