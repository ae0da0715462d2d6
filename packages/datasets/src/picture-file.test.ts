import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPicture } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { openPicture, sizeOf } from './picture-file.js';
import { temporaryFolder, writeNoise } from './test-support.js';

const hdf5 = fileURLToPath(new URL('../goldens/pair.h5', import.meta.url));

test('halves of a picture are named by #left and #right', async () => {
  const folder = await temporaryFolder();
  await writeNoise(folder, { 'pair.png': [9, 4], 'thin.png': [1, 4] });
  const file = join(folder, 'pair.png');
  const { data } = await readPicture(file);
  const [left, right] = [await openPicture(`${file}#left`), await openPicture(`${file}#right`)];
  expect([await sizeOf(`${file}#left`), await sizeOf(`${file}#right`)]).toMatchObject([
    { width: 4, height: 4 },
    { width: 5, height: 4 },
  ]);
  expect([...left.data.subarray(0, 12), ...right.data.subarray(0, 15)]).toEqual([...data.subarray(0, 27)]);
  await expect(openPicture(`${join(folder, 'thin.png')}#left`)).rejects.toThrow(
    'a picture of width 1 cannot be halved',
  );
});

test('the middle of a larger truth is named by #centre', async () => {
  const folder = await temporaryFolder();
  await writeNoise(folder, { 'large.png': [9, 8] });
  const file = join(folder, 'large.png');
  const { data } = await readPicture(file);
  const middle = await openPicture(`${file}#centre-6x4`);
  expect(await sizeOf(`${file}#centre-6x4`)).toMatchObject({ width: 6, height: 4 });
  // 1½ columns are left over at each side: the even number, 2, is cut off on the left.
  expect([...middle.data.subarray(0, 18)]).toEqual([...data.subarray((2 * 9 + 2) * 3, (2 * 9 + 8) * 3)]);
  await expect(openPicture(`${file}#centre-10x4`)).rejects.toThrow(/large\.png#centre-10x4: is 9×8, smaller than/);
});

test('datasets of an HDF5 file are pictures of floats, float64 and compressed ones too', async () => {
  for (const [name, scale] of [
    ['gt', 100],
    ['haze', 200],
  ] as const) {
    const { width, height, data } = await openPicture(`${hdf5}#${name}`);
    expect([width, height]).toEqual([10, 12]);
    expect(data).toEqual(Float32Array.from({ length: 360 }, (_, i) => (i % 97) / scale));
  }
  expect((await openPicture(`${hdf5}#bytes`)).data).toEqual(Uint8Array.from({ length: 360 }, (_, i) => i % 251));
  expect(await sizeOf(`${hdf5}#gt`)).toMatchObject({ width: 10, height: 12 });
});

test.each<[string, () => Promise<string>, RegExp]>([
  [
    'no name',
    async () => hdf5,
    /pair\.h5: needs the name of a dataset; add "#" and one of "ato", "bright", "bytes", "flat", "gt", "haze", "trans"/,
  ],
  ['an unknown name', async () => `${hdf5}#rain`, /pair\.h5: needs the name of a dataset/],
  [
    'another shape',
    async () => `${hdf5}#flat`,
    /pair\.h5#flat: \[4, 4\]; a picture is a dataset of \[height, width, 3\]/,
  ],
  ['another range', async () => `${hdf5}#bright`, /pair\.h5#bright: contains numbers outside \[0, 1\]/],
  ['a missing file', async () => '/nowhere/1.h5#gt', /nowhere\/1\.h5: cannot be read \(no such file/],
  [
    'a truncated file',
    async () => {
      const path = join(await temporaryFolder(), 'cut.h5');
      await writeFile(path, (await readFile(hdf5)).subarray(0, 700));
      return `${path}#haze`;
    },
    /cut\.h5.*: not a readable HDF5 file/,
  ],
])('an HDF5 file with %s is refused by name', async (_what, name, message) => {
  await expect(openPicture(await name())).rejects.toThrow(message);
});
