import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '@unweather/core-tensor';
import { temporaryFolder } from '@unweather/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBundle } from './bundle.js';
import { isTensorFlow } from './checkpoint.js';

const goldens = fileURLToPath(new URL('../../goldens/tensorflow/', import.meta.url));
const [INDEX, DATA] = ['small.index', 'small.data-00000-of-00001'];
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await copyFile(join(goldens, DATA), join(folder, DATA));
});

/** Reads the golden data by another index. */
async function readBy(index: Uint8Array): Promise<Awaited<ReturnType<typeof readBundle>>> {
  await writeFile(join(folder, INDEX), index);
  return readBundle(join(folder, INDEX));
}

function varint(value: bigint | number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

/** A block of entries, each [shared, key, value], with its trailer. */
function block(entries: readonly (readonly [number, string, readonly number[]])[]): number[] {
  const all = entries.flatMap(([shared, key, value]) => [
    ...[...varint(shared), ...varint(key.length), ...varint(value.length)],
    ...[...Buffer.from(key), ...value],
  ]);
  return [...all, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
}

const handle = (offset: number, size: number) => [...varint(offset), ...varint(size)];

/** A table of one data block, which its index names `times` times. */
function table(data: readonly number[], times = 1): Uint8Array {
  const name = handle(0, data.length - 5);
  const index = block(Array.from({ length: times }, (_, i) => [0, String(i), name] as const));
  const footer = Buffer.alloc(48);
  footer.set([...handle(0, 0), ...handle(data.length, index.length - 5)]);
  footer.writeBigUInt64LE(0xdb4775248b80fb57n, 40);
  return Buffer.concat([Buffer.from(data), Buffer.from(index), footer]);
}

/** BundleEntryProto of a float variable. */
function entry({ shape = [2], shard = 0, offset = 0, size = 8 }): number[] {
  const dims = shape.flatMap((length) => [0x12, 1 + varint(length).length, 0x08, ...varint(length)]);
  const places = [...[0x18, ...varint(shard)], ...[0x20, ...varint(offset)], ...[0x28, ...varint(size)]];
  return [0x08, 1, 0x12, ...varint(dims.length), ...dims, ...places];
}

describe('an index that states what cannot be is refused by name', () => {
  const header = (shards: number | bigint) => [0, '', [0x08, ...varint(shards)]] as const;
  test.each<[string, Uint8Array, RegExp]>([
    [
      'two thousand million .data files',
      table(block([header(2 ** 31 - 1)])),
      /small\.index: it describes no float variables/,
    ],
    [
      'a variable in the last of them',
      table(block([header(2 ** 31 - 1), [0, 'a', entry({ shard: 2 ** 31 - 2 })]])),
      /of-2147483647: cannot be read/,
    ],
    ['−1 .data files', table(block([header(-1)])), /it states -1 \.data files/],
    [
      'a .data file that it does not have',
      table(block([header(1), [0, 'a', entry({ shard: 1 })]])),
      /variable "a" is in \.data file 1 of 1/,
    ],
    [
      'one block, twenty thousand times',
      table(block([header(1), [0, 'a', entry({})]]), 20_000),
      /the blocks of the index overlap/,
    ],
    [
      'a variable twice',
      table(block([header(1), [0, 'a', entry({})], [0, 'a', entry({})]])),
      /variable "a" is described twice/,
    ],
    [
      'a place before the file',
      table(block([header(1), [0, 'a', entry({ offset: -8 })]])),
      /variable "a" is truncated/,
    ],
    [
      'a negative size',
      table(block([header(1), [0, 'a', entry({ shape: [-2], size: 8 })]])),
      /the shape of a variable is not one/,
    ],
    [
      'a hundred axes',
      table(block([header(1), [0, 'a', entry({ shape: Array(100).fill(1) })]])),
      /the shape of a variable is not one/,
    ],
    [
      'a long key, repeated',
      table(
        block([
          header(1),
          [0, 'k'.repeat(1 << 18), entry({})],
          ...Array.from({ length: 4000 }, (_, i) => [1 << 18, String(i), entry({})] as const),
        ]),
      ),
      /more than 16 times its size/,
    ],
    ['a block of two bytes', table([1, 2, 0, 0, 0, 0, 0]), /a block of the index is truncated/],
  ])('%s', async (_what, index, message) => {
    await expect(readBy(index)).rejects.toThrow(message);
    await expect(readBy(index)).rejects.toBeInstanceOf(UserError);
  });
});

test('changed bytes of an index are read or named, never an exception of another kind', async () => {
  const whole = await readFile(join(goldens, INDEX));
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const bytes = new Uint8Array(whole);
      for (const [place, value] of changes) bytes[place] = value;
      const thrown = await readBy(bytes).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(UserError);
    }),
    { numRuns: 500, seed: 24 },
  );
});

test('a checkpoint is known by its last bytes, or by its name if it is of no other kind', async () => {
  const other = join(folder, 'model');
  await copyFile(join(goldens, INDEX), other);
  expect(await isTensorFlow(other)).toBe(true);
  await copyFile(join(goldens, DATA), join(folder, 'model.data-00000-of-00001'));
  expect((await readBundle(other)).size).toBeGreaterThan(0);
  const cut = join(folder, 'cut.index');
  await writeFile(cut, (await readFile(other)).subarray(0, -9));
  expect(await isTensorFlow(cut)).toBe(true);
  await writeFile(cut, '<html>');
  expect(await isTensorFlow(cut)).toBe(false);
  expect(await isTensorFlow(join(folder, 'none.pth'))).toBe(false);
});
