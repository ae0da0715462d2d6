import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { temporaryFolder } from '@unweather/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { expand } from './expand.js';

let folder: string;
const TREE = [
  'a.png',
  'B (1) [x].JPG',
  'notes.txt',
  '.hidden.png',
  'Ünter wegs/日本.webp',
  'Ünter wegs/deep/c.tiff',
  'out/a.png',
];

beforeAll(async () => {
  folder = await temporaryFolder();
  for (const file of TREE) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  await symlink('..', join(folder, 'Ünter wegs/loop'));
  await symlink('nowhere.png', join(folder, 'broken.png'));
  await mkdir(join(folder, 'empty'));
});

async function found(inputs: readonly string[], { recursive = false, out = 'elsewhere' } = {}) {
  const pictures = await expand(
    inputs.map((input) => join(folder, input)),
    { recursive, out: join(folder, out) },
  );
  return pictures.map(({ path, below }) => [relative(folder, path), below]);
}
const same = (names: readonly string[]) => names.map((name) => [name, name]);

describe('folders', () => {
  test('hold pictures by their endings; those inside only with recursive; a loop of links is gone through once', async () => {
    expect(await found([''])).toEqual(same(['B (1) [x].JPG', 'a.png', 'broken.png']));
    const all = ['B (1) [x].JPG', 'a.png', 'broken.png', 'out/a.png', 'Ünter wegs/deep/c.tiff', 'Ünter wegs/日本.webp'];
    expect(await found([''], { recursive: true })).toEqual(same(all));
  });

  test('that are written to are not read where they lie in what is read', async () => {
    const all = await found([''], { recursive: true, out: 'out' });
    expect(all.map(([path]) => path)).not.toContain('out/a.png');
    expect(await found(['out'], { out: 'out' })).toEqual([['out/a.png', 'a.png']]);
  });

  test('keep what lies below them', async () => {
    expect(await found(['Ünter wegs'], { recursive: true })).toEqual([
      ['Ünter wegs/deep/c.tiff', 'deep/c.tiff'],
      // Through the loop, the folder above is read, too, except for folders that were read before.
      ['Ünter wegs/loop/B (1) [x].JPG', 'loop/B (1) [x].JPG'],
      ['Ünter wegs/loop/a.png', 'loop/a.png'],
      ['Ünter wegs/loop/broken.png', 'loop/broken.png'],
      ['Ünter wegs/loop/out/a.png', 'loop/out/a.png'],
      ['Ünter wegs/日本.webp', '日本.webp'],
    ]);
  });

  test('without pictures are refused', async () => {
    await expect(found(['empty'])).rejects.toThrow(/empty: there is no picture in this folder .+; add --recursive/);
    await expect(found(['empty'], { recursive: true })).rejects.toThrow(/; choose another folder$/);
  });
});

describe('files', () => {
  test('are taken by their names, with brackets and other endings, and once', async () => {
    expect(await found(['B (1) [x].JPG', 'notes.txt', 'a.png', 'out/../a.png'])).toEqual(
      same(['B (1) [x].JPG', 'notes.txt', 'a.png']),
    );
  });

  test('that are missing are refused', async () => {
    await expect(found(['a.png', 'b.png'])).rejects.toThrow(/b\.png: no such file or folder; check the path$/);
  });
});

describe('patterns', () => {
  test('keep what lies below their fixed part; a loop of links gives each picture once, by its shortest name', async () => {
    const deep = ['Ünter wegs/日本.webp', 'Ünter wegs/deep/c.tiff'];
    expect(await found(['**/*.{webp,tiff}'])).toEqual(same(deep));
    expect(await found(['Ünter wegs/*.webp'])).toEqual([['Ünter wegs/日本.webp', '日本.webp']]);
    expect(await found(['*/a.png'])).toEqual([['out/a.png', 'out/a.png']]);
  });

  test('take pictures alone, and none from the folder that is written to', async () => {
    expect(await found(['**/a.*'], { out: 'out' })).toEqual(same(['a.png']));
    expect(await found(['*'])).toEqual(same(['B (1) [x].JPG', 'a.png']));
  });

  test('without matches are refused', async () => {
    await expect(found(['*.gif'])).rejects.toThrow(/\*\.gif: no picture matches this pattern .+; check the pattern$/);
  });
});
