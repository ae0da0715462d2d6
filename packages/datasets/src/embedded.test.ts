import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { embeddedPairs } from './embedded.js';
import { openPair } from './pair.js';

const folder = fileURLToPath(new URL('../embedded', import.meta.url));

test('every picture is credited, the splits share none, and all together stay below 6 MB', async () => {
  const licences = await readFile(join(folder, 'LICENSES.md'), 'utf8');
  const splits = await Promise.all(['train', 'held-out'].map((split) => readdir(join(folder, split))));
  expect(splits[0]!.length).toBeGreaterThanOrEqual(12);
  expect(splits[0]!.filter((file) => splits[1]!.includes(file))).toEqual([]);
  for (const [i, split] of ['train', 'held-out'].entries())
    for (const file of splits[i]!) expect(licences).toContain(`| ${split}/${file} `);
  const paths = splits.flatMap((files, i) => files.map((file) => join(folder, ['train', 'held-out'][i]!, file)));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  expect(sizes.reduce((a, b) => a + b)).toBeLessThan(6e6);
});

test('held-out pairs are always the same, training pairs are not', async () => {
  const [heldOut] = await embeddedPairs('held-out', 'rain');
  expect(heldOut!.name).toBe(`${basename(heldOut!.truth, '.png')}-light`);
  expect(await openPair(heldOut!, new Random(1))).toEqual(await openPair(heldOut!, new Random(2)));
  const [train] = await embeddedPairs('train', 'rain');
  expect(await openPair(train!, new Random(1))).not.toEqual(await openPair(train!, new Random(2)));
});
