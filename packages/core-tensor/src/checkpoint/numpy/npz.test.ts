import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { elements } from '../../graph/tensor-data.js';
import { temporaryFolder } from '../../test-support.js';
import { bytesOf, npy, npyOf } from '../test-support.npy.js';
import { readNpz } from './npz.js';

const golden = (name: string) => fileURLToPath(new URL(`../../../goldens/checkpoints/${name}`, import.meta.url));
const counted = Array.from({ length: 24 }, (_, i) => i / 8);
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

async function written(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

const zipped = (name: string, entries: Record<string, Uint8Array>, level: 0 | 9 = 0) =>
  written(name, zipSync(entries, { level }));

describe.each(['arrays.npz', 'arrays-compressed.npz'])('%s, made by NumPy', (name) => {
  test('every type, both orders, a scalar, and an empty array', async () => {
    const arrays = await readNpz(golden(name));
    for (const type of ['f2', 'f4', 'f8'])
      expect(arrays.get(`types/${type}`)).toEqual({
        dtype: 'float32',
        shape: [2, 3, 4],
        data: new Float32Array(counted),
      });
    for (const type of ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4'])
      expect(arrays.get(`types/${type}`)).toEqual({
        ...{ dtype: 'int64', shape: [2, 3, 4] },
        data: BigInt64Array.from(counted, (value) => BigInt(Math.floor(value))),
      });
    expect(arrays.get('types/b1')).toEqual({ dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, 0n) });
    expect(arrays.get('fortran')).toEqual(arrays.get('types/f4'));
    expect(arrays.get('scalar')).toEqual({ dtype: 'float32', shape: [], data: Float32Array.of(0.125) });
    expect(arrays.get('empty')).toEqual({ dtype: 'float32', shape: [0, 3], data: new Float32Array() });
  });

  test('only chosen arrays are read', async () => {
    const arrays = await readNpz(golden(name), (names) => names.filter((array) => array.startsWith('types/f')));
    expect([...arrays.keys()]).toEqual(['types/f2', 'types/f4', 'types/f8']);
  });
});

test('an array comes back as it was written: any shape, order, version and compression', async () => {
  const arrays = fc.record({
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    fortran: fc.boolean(),
    version: fc.constantFrom(1, 2, 3),
    level: fc.constantFrom(0 as const, 9 as const),
  });
  await fc.assert(
    fc.asyncProperty(arrays, async ({ shape, fortran, version, level }) => {
      const values = Float32Array.from({ length: elements(shape) }, (_, i) => i);
      const size = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
      const header = `{'descr': '<f4', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${size}), }`;
      const path = await zipped('any.npz', { 'x.npy': npyOf(header, bytesOf(values), version) }, level);
      const array = (await readNpz(path)).get('x')!;
      expect(array.shape).toEqual(shape);
      // The place of each number in the file, from its indices.
      for (let i = 0; i < values.length; i++) {
        let [rest, place] = [i, 0];
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          const step = elements(fortran ? shape.slice(0, axis) : shape.slice(axis + 1));
          place += (rest % shape[axis]!) * step;
          rest = Math.floor(rest / shape[axis]!);
        }
        expect(array.data[i]).toBe(place);
      }
    }),
    { numRuns: 60 },
  );
});

const one = bytesOf(Float32Array.of(1));
const header = (descr: string, shape = '1,') => `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }`;

describe('refused, with the first reason', () => {
  const refusals: [string, () => Promise<string>, RegExp][] = [
    ['a missing file', async () => join(folder, 'none.npz'), /none\.npz: cannot be read \(no such file/],
    ['another kind of file', () => written('text.npz', Buffer.from('hello')), /text\.npz: not a NumPy archive/],
    ['a truncated archive', () => cut(900), /not a complete zip archive \(its directory is missing\); use a complete/],
    ['Python objects', () => array(npyOf(header("'|O'"), one)), /array "x": its type is '\|O'; only f2, f4, f8/],
    ['structures', () => array(npyOf(header("[('a', '<f4')]"), one)), /its type is \[\('a', '<f4'\)\]; only/],
    [
      'big-endian numbers',
      () => array(npyOf(header("'>f4'"), one)),
      /its type is '>f4', big-endian; only little-endian/,
    ],
    [
      'a shape that needs more',
      () => array(npy('<f4', [2], one)),
      /array "x": 4 bytes follow its header, its shape \[2\] needs 8/,
    ],
    ['bytes that follow', () => array(npy('<f2', [1], one)), /4 bytes follow its header, its shape \[1\] needs 2/],
    [
      'a shape larger than any',
      () => array(npyOf(header("'<f4'", '99999999, 99999999, 9'), one)),
      /an array of that shape is larger/,
    ],
    [
      'a negative size',
      () => array(npyOf(header("'<f4'", '-1, -1'), one)),
      /its header is not as the \.npy format requires/,
    ],
    [
      'a header with code',
      () => array(npyOf('__import__("os")', one)),
      /its header is not as the \.npy format requires/,
    ],
    ['a later version', () => array(npyOf(header("'<f4'"), one, 4)), /version 4 of the \.npy format; 1 to 3 are read/],
    ['no .npy inside', () => array(Buffer.from('hello there')), /array "x": not a \.npy array/],
    ['an array cut in its header', () => array(npy('<f4', [1], one).subarray(0, 20)), /array "x": truncated/],
    [
      'a header of a megabyte',
      () => array(npyOf(header("'<f4'").padEnd(1 << 20), one, 2)),
      /more than the 65536 allowed/,
    ],
    [
      'a file that is no array',
      () => zipped('other.npz', { 'run.sh': one }),
      /it contains "run\.sh", which is not an array/,
    ],
    [
      'a zip bomb',
      () => zipped('bomb.npz', { 'x.npy': npy('<f4', [20_000_000], new Uint8Array(80_000_000)) }, 9),
      /refused: its entries would unpack to more than 8 times its size/,
    ],
    [
      'a flipped bit',
      () => changed((bytes) => bytes.indexOf('fortran_order') + 110, 1),
      /entry "types\/f2\.npy" is damaged \(its checksum differs\)/,
    ],
    ['two arrays of one name', () => twins(), /refused: it has two entries "a\.npy"/],
    ['an encrypted entry', () => directory(8, 1), /entry "types\/f2\.npy" is encrypted/],
    ['another packing', () => directory(10, 12), /entry "types\/f2\.npy" is packed by method 12/],
    ['a size that is not the entry’s', () => directory(24, 77), /entry "types\/f2\.npy" has two sizes/],
    ['an entry past the end', () => directory(44, 0x7f), /entry "types\/f2\.npy" is not where|truncated/],
  ];
  test.each(refusals)('%s', async (_what, path, message) => {
    await expect(readNpz(await path())).rejects.toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringMatching(message) }),
    );
  });

  test('any change of a byte of a compressed archive gives an error of ours, or the same arrays', async () => {
    const bytes = zipSync(
      { 'x.npy': npy('<f4', [2, 3], bytesOf(Float32Array.from([1, 2, 3, 4, 5, 6]))) },
      { level: 9 },
    );
    const whole = await readNpz(await written('whole.npz', bytes));
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([place, by]) => {
        const other = bytes.slice();
        other[place]! ^= by;
        const path = await written('changed.npz', other);
        const read = await readNpz(path, (names) => names.filter((name) => name === 'x')).catch((thrown) => thrown);
        if (read instanceof Error) expect(read.name).toBe('UserError');
        else if (read.size > 0) expect(read).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });
});

const array = (bytes: Uint8Array) => zipped('array.npz', { 'x.npy': bytes });

const stored = () => readFile(golden('arrays.npz'));

async function cut(end: number): Promise<string> {
  return written('cut.npz', (await stored()).subarray(0, end));
}

async function changed(place: (bytes: Buffer) => number, by: number): Promise<string> {
  const bytes = Buffer.from(await stored());
  bytes[place(bytes)]! ^= by;
  return written('changed.npz', bytes);
}

/** Sets a byte of the directory's first entry. */
function directory(place: number, value: number): Promise<string> {
  return changedTo((bytes) => bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + place, value);
}

async function changedTo(place: (bytes: Buffer) => number, value: number): Promise<string> {
  const bytes = Buffer.from(await stored());
  bytes[place(bytes)] = value;
  return written('directory.npz', bytes);
}

/** An archive whose two entries have one name. */
function twins(): Promise<string> {
  const bytes = Buffer.from(zipSync({ 'a.npy': npy('<f4', [1], one), 'b.npy': npy('<f4', [1], one) }, { level: 0 }));
  bytes[bytes.lastIndexOf('b.npy')] = 'a'.charCodeAt(0);
  return written('twins.npz', bytes);
}
