import { appendFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { prepare } from '../prepare/prepare.js';
import { readRegistry } from '../registry.js';
import { listener, temporaryFolder } from '../test-support.js';
import { verify } from './verify.js';

const embedded = (name: string) => fileURLToPath(new URL(`../../embedded/${name}.png`, import.meta.url));

/** Builds a Rain800 of a few photographs, one file per pair; the test split is compressed harder. */
async function rain800(train: readonly string[], tested: readonly string[]) {
  const root = await temporaryFolder();
  const out = join(root, 'meta');
  const registry = structuredClone(await readRegistry());
  for (const [folder, names, quality] of [
    ['training', train, 95],
    ['test_syn', tested, 40],
  ] as const)
    for (const [index, name] of names.entries()) {
      const path = join(root, folder, `${index + 1}.jpg`);
      await mkdir(dirname(path), { recursive: true });
      const half = await sharp(embedded(name)).resize(240, 200, { fit: 'fill' }).toBuffer();
      const pair = sharp({ create: { width: 480, height: 200, channels: 3, background: '#888' } });
      await pair
        .composite([
          { input: half, left: 0, top: 0 },
          { input: half, left: 240, top: 0 },
        ])
        .jpeg({ quality })
        .toFile(path);
    }
  for (const split of registry.datasets.rain800!.splits) split.pairs = (split.name === 'train' ? train : tested).length;
  await prepare(registry, { dataset: 'rain800', root, out, allowPartial: 0 }, listener());
  const reporter = listener();
  return {
    root,
    said: reporter.said,
    run: (strict = false, dataset?: string) => verify(registry, { dataset, out, strict }, reporter),
  };
}

test('files that are as they were pass; changed and missing ones are named and counted', async () => {
  const { root, run, said } = await rain800(['train/dog', 'train/waves'], ['held-out/city']);
  expect(await run()).toMatchObject([{ truths: 1, shared: [] }]);
  expect(said).toEqual([
    'rain800 test: 1 files are unchanged',
    'rain800 train: 2 files are unchanged',
    'rain800: 0 of 1 scenes of test are in train',
  ]);
  await run(true, 'rain800');
  await appendFile(join(root, 'training/1.jpg'), ' ');
  await expect(run()).rejects.toThrow(
    /^rain800 train: 1 of 2 files have changed or cannot be read: .+training\/1\.jpg \(changed\); restore them/,
  );
  await rm(join(root, 'training/2.jpg'));
  await expect(run()).rejects.toThrow(
    /2 of 2 files .+1\.jpg \(changed\), .+2\.jpg \(no such file or folder\); restore/,
  );
});

test('scenes that are trained and tested on are reported, and an error under --strict', async () => {
  const { run, said } = await rain800(['train/dog', 'train/waves', 'train/house'], ['held-out/city', 'train/house']);
  expect(await run()).toMatchObject([
    {
      dataset: 'rain800',
      train: 'train',
      test: 'test',
      truths: 2,
      shared: [['test_syn/2.jpg#left', 'training/3.jpg#left']],
    },
  ]);
  expect(said.at(-1)).toBe('rain800: 1 of 2 scenes of test are in train: test_syn/2.jpg#left is training/3.jpg#left');
  await expect(run(true)).rejects.toThrow(/share scenes, as listed; leave them out of the meta file to train on/);
});

test('nothing prepared is said', async () => {
  const registry = await readRegistry();
  const options = { out: '/nowhere', strict: false };
  await expect(verify(registry, options, listener())).rejects.toThrow(
    '/nowhere: contains no prepared dataset; prepare it first',
  );
  await expect(verify(registry, { ...options, dataset: 'csd' }, listener())).rejects.toThrow(
    /no prepared split of csd/,
  );
});
