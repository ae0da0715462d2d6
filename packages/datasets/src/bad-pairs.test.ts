import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { badPairsOf, namesOf, verifyPairs } from './bad-pairs.js';
import { DecodedFiles } from './decoded-files.js';
import { Loader } from './loader.js';
import type { FilePair } from './pair.js';
import { temporaryFolder, writeNoise } from './test-support.js';

/** Six pairs of noise; the input of the third is cut in the middle of its pixels, so that its header is whole. */
async function pairsWithOneCut() {
  const folder = await temporaryFolder();
  const names = ['0', '1', '2', '3', '4', '5'];
  const sizes = names.flatMap((name) => ['gt', 'in'].map((kind) => [`${kind}-${name}.png`, [24, 16]] as const));
  await writeNoise(folder, Object.fromEntries(sizes) as Record<string, [number, number]>);
  const pairs = names.map((name): FilePair => {
    const [truth, input] = [join(folder, `gt-${name}.png`), join(folder, `in-${name}.png`)];
    return { kind: 'files', name: `entry ${name}`, truth, input };
  });
  const cut = pairs[2]!.input;
  await writeFile(cut, (await readFile(cut)).subarray(0, 700));
  return { folder, pairs };
}

test('a picture that is cut behind its header is found, and every such pair is named', async () => {
  const { pairs } = await pairsWithOneCut();
  const bad = await badPairsOf(pairs);
  expect(bad.map(({ pair }) => pair)).toEqual([pairs[2]]);
  expect(bad[0]!.why).toMatch(/^pair "entry 2": .+in-2\.png: not a readable picture \(.+\); replace the file$/);
  await expect(verifyPairs(pairs)).rejects.toThrow(
    /^pair "entry 2": .+in-2\.png: not a readable picture .+; replace the file$/,
  );
  const twice = [...pairs, { ...pairs[2]!, name: 'entry 6' }];
  await expect(verifyPairs(twice)).rejects.toThrow(/replace the file; nor can 1 pair \(entry 6\) be used, of 7 pairs$/);
  const many = Array.from({ length: 12 }, () => bad[0]!);
  expect(namesOf(many)).toBe(`12 pairs (${Array.from({ length: 10 }, () => 'entry 2').join(', ')}, …)`);
});

test('a file that was decoded is not decoded again until it changes, nor by the next run', async () => {
  const folder = await temporaryFolder();
  const [file, list] = [join(folder, 'a.png'), join(folder, 'list.json')];
  await writeFile(file, 'some');
  let count = 0;
  const decode = async () => void count++;
  const first = await DecodedFiles.open(list);
  await first.once(file, '', decode);
  await first.once(file, '', decode);
  await first.once(file, 'dataset', decode);
  expect(count).toBe(2);
  await first.save();
  await expect(stat(list)).rejects.toThrow('ENOENT');
  for (let i = 0; i < 200; i++) await first.once(file, `${i}`, decode);
  await first.save();
  count = 0;
  const second = await DecodedFiles.open(list);
  await second.once(file, '', decode);
  expect(count).toBe(0);
  await utimes(file, 1, 1);
  await second.once(file, '', decode);
  expect(count).toBe(1);
  await writeFile(list, 'no list');
  await (await DecodedFiles.open(list)).once(file, '', decode);
  expect(count).toBe(2);
});

test.each(['pair', 'triple'] as const)('a loader may take other pairs in the place of bad ones: %s', async (visit) => {
  const { pairs } = await pairsWithOneCut();
  const grouped = visit === 'pair' ? pairs : pairs.map((pair, i) => ({ ...pair, truth: pairs[i < 3 ? 0 : 3]!.truth }));
  const options = { pairs: grouped, visit, batch: 2, crop: 16, flip: true, order: 'shuffled', seed: 1 } as const;
  const strict = new Loader(options);
  const skipped: string[] = [];
  const lenient = new Loader({ ...options, onBadPair: ({ name }) => void skipped.push(name) });
  const again = new Loader({ ...options, onBadPair: () => undefined });
  const take = async (loader: Loader) => {
    const names: string[][] = [];
    for await (const batch of loader.batches(0)) {
      names.push([...batch.names]);
      if (names.length === 3) return names;
    }
    return names;
  };
  try {
    await expect(take(strict)).rejects.toThrow(/in-2\.png: not a readable picture/);
    const names = await take(lenient);
    expect(names.flat()).not.toContain('entry 2');
    expect(names.map(({ length }) => length)).toEqual(visit === 'pair' ? [2, 2, 2] : [6, 6, 6]);
    if (visit === 'triple') for (const name of names.flat()) expect(name).toMatch(/entry [345]/);
    expect(new Set(skipped)).toEqual(new Set(['entry 2']));
    expect(await take(again)).toEqual(names);
  } finally {
    for (const loader of [strict, lenient, again]) await loader.close();
  }
});
