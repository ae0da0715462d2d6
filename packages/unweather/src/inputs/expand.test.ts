import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { temporaryFolder } from '@unweather/testing';
import sharp from 'sharp';
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
  const { pictures } = await expand(
    inputs.map((input) => join(folder, input)),
    { recursive, out: join(folder, out) },
  );
  return pictures.map(({ path, below }) => [relative(folder, path), below]);
}
const same = (names: readonly string[]) => names.map((name) => [name, name]);

describe('folders', () => {
  test('hold files that claim to be pictures; those inside only with recursive; a loop of links is gone through once', async () => {
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
    await expect(found(['empty'])).rejects.toThrow(/empty: there is no picture in this folder; add --recursive/);
    await expect(found(['empty'], { recursive: true })).rejects.toThrow(/; choose another folder$/);
  });
});

describe('content', () => {
  test('decides what is a picture; what is none is listed; what systems leave behind is ignored', async () => {
    const mixed = join(await temporaryFolder(), 'mixed');
    const photo = (format: 'jpeg' | 'png' | 'gif') =>
      sharp({ create: { width: 4, height: 3, channels: 3, background: '#888' } })
        [format]()
        .toBuffer();
    const files: Readonly<Record<string, string | Buffer>> = {
      ...{ 'a.jfif': await photo('jpeg'), 'b.jpe': await photo('jpeg'), 'c.txt': await photo('png') },
      ...{ 'd.gif': await photo('gif'), noending: await photo('png'), 'broken.png': 'text' },
      ...{ 'notes.txt': 'text', 'e.bmp': Buffer.from('424d3600000000000000', 'hex'), empty: '' },
      ...{ '._a.jfif': 'x', '.DS_Store': 'x', 'Thumbs.db': 'x', '@eaDir/a.jfif': await photo('jpeg') },
    };
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(mixed, file)), { recursive: true });
      await writeFile(join(mixed, file), content);
    }
    const of = async (input: string, recursive = false) => {
      const { pictures, leftOut } = await expand([input], { recursive, out: 'elsewhere' });
      return {
        pictures: pictures.map(({ below }) => below),
        leftOut: leftOut.map(({ path, why }) => [relative(mixed, path), why?.slice(0, 6)]),
      };
    };
    const pictures = ['a.jfif', 'b.jpe', 'broken.png', 'c.txt', 'd.gif', 'noending'];
    const leftOut = [
      ['e.bmp', 'is BMP'],
      ['empty', undefined],
      ['notes.txt', undefined],
    ];
    expect(await of(mixed, true)).toEqual({ pictures, leftOut });
    expect(await of(join(mixed, '**/*'))).toEqual({ pictures, leftOut });
    await expect(of(join(mixed, '*.{bmp,db}'))).rejects.toThrow(
      /no picture matches this pattern \(1 other file: .+e\.bmp \(is BMP, which cannot be decoded here; .+\)\); check/,
    );
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
    await expect(found(['*.gif'])).rejects.toThrow(/\*\.gif: no picture matches this pattern; check the pattern$/);
  });
});
