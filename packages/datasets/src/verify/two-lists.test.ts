import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { listener, temporaryFolder } from '../test-support.js';
import { compareLists } from './two-lists.js';

const embedded = (name: string) => fileURLToPath(new URL(`../../embedded/train/${name}.png`, import.meta.url));

test('the same file, the same bytes and the same scene are told apart; others are not named', async () => {
  const home = await temporaryFolder();
  for (const name of ['dog', 'waves', 'house', 'drum']) await copyFile(embedded(name), join(home, `${name}.png`));
  await copyFile(embedded('waves'), join(home, 'copy.png'));
  await sharp(embedded('house')).resize(128).jpeg({ quality: 50 }).toFile(join(home, 'small.jpg'));
  const list = async (name: string, entries: string[][]) => {
    await writeFile(join(home, name), JSON.stringify(entries));
    return join(home, name);
  };
  const train = await list('train.json', [
    ['dog.png', 'dog.png#rain-drawn'],
    ['waves.png', 'waves.png'],
    ['house.png', 'house.png'],
  ]);
  const test = await list('test.json', [
    ['dog.png', 'dog.png#rain-light'],
    ['copy.png', 'copy.png'],
    ['small.jpg', 'small.jpg'],
    ['drum.png', 'drum.png'],
  ]);
  const reporter = listener();
  const shared = await compareLists({ train, test, strict: false }, reporter);
  expect(shared).toEqual([
    { kind: 'file', test: 'dog.png', train: 'dog.png' },
    { kind: 'content', test: 'copy.png', train: 'waves.png' },
    { kind: 'scene', test: 'small.jpg', train: 'house.png' },
  ]);
  expect(reporter.said).toEqual([
    `the same file: 1 of 4 files of ${test} are in ${train}: dog.png is dog.png`,
    `the same bytes: 1 of 4 files of ${test} are in ${train}: copy.png is waves.png`,
    `the same scene: 1 of 4 truths of ${test} are in ${train}: small.jpg is house.png`,
  ]);
  await expect(compareLists({ train, test, strict: true }, listener())).rejects.toThrow(
    /test\.json: shares 3 pictures with .+train\.json, as listed; leave them out of the pairs to train on/,
  );
  const other = await list('other.json', [['drum.png', 'drum.png']]);
  expect(await compareLists({ train, test: other, strict: true }, listener())).toEqual([]);
  const gone = await list('gone.json', [['gone.png', 'gone.png']]);
  await expect(compareLists({ train, test: gone, strict: false }, listener())).rejects.toThrow(
    /gone\.png: cannot be read \(no such file or folder\); correct the meta file or the path of --root/,
  );
});
