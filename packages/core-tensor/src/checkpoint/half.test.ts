import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32, type State, zeros } from '../graph/tensor-data.js';
import { BatchNorm2d } from '../nn/batch-norm2d.js';
import { initialState } from '../nn/network.js';
import { temporaryFolder } from '../test-support.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { fromHalf, toHalf } from './half.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

/** Every half-precision number that is 0 or more, computed from its bits: 5 of exponent, 10 of fraction. */
const VALUES = Array.from({ length: 0x7c00 }, (_, bits) => {
  const [exponent, fraction] = [bits >> 10, bits & 0x3ff];
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
});

test('every one of the 65536 patterns is read exactly from a file, and written again as it was', async () => {
  const folder = await temporaryFolder();
  const bytes = new Uint8Array(Uint16Array.from({ length: 0x10000 }, (_, i) => i).buffer);
  const header = { x: { dtype: 'F16', shape: [0x10000], data_offsets: [0, bytes.length] } };
  const text = Buffer.from(JSON.stringify(header).padEnd(72));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(text.length);
  await writeFile(join(folder, 'in'), Buffer.concat([length, text, bytes]));
  const file = await readSafetensors(join(folder, 'in'));
  const { dtype, data } = file.tensors.get('x')!;
  expect(dtype).toBe('float32');
  const wrong = VALUES.filter((value, bits) => data[bits] !== value || data[bits + 0x8000] !== -value);
  expect(wrong).toEqual([]);
  expect([data[0x7c00], data[0xfc00]]).toEqual([Infinity, -Infinity]);
  expect(Object.is(data[0x8000], -0)).toBe(true);
  expect([...data.slice(0x7c01, 0x8000), ...data.slice(0xfc01)].every(Number.isNaN)).toBe(true);
  await writeSafetensors(join(folder, 'out'), file, { half: true });
  const again = (await readSafetensors(join(folder, 'out'))).tensors.get('x')!;
  expect(data.every((value, i) => Object.is(again.data[i], value))).toBe(true);
});

test('any float32 becomes the nearest half, of two equally near the even one', () => {
  const inRange = fc.float({ min: -65504, max: 65504, noNaN: true });
  const subnormal = fc.float({ min: -(2 ** -14), max: 2 ** -14, noNaN: true });
  // Numbers halfway between two neighbours, or just beside.
  const tie = fc
    .tuple(
      fc.integer({ min: 0, max: VALUES.length - 2 }),
      fc.constantFrom(-1, 1),
      fc.constantFrom(-(2 ** -22), 0, 2 ** -22),
    )
    .map(([i, sign, off]) => Math.fround(sign * ((VALUES[i]! + VALUES[i + 1]!) / 2) * (1 + off)));
  fc.assert(
    fc.property(fc.oneof(inRange, subnormal, tie), (value) => {
      const [half] = fromHalf(toHalf(Float32Array.of(value))!);
      const above = VALUES.findIndex((candidate) => candidate >= Math.abs(value));
      const [low, high] = [VALUES[Math.max(above - 1, 0)]!, VALUES[above]!];
      const size = Math.abs(value);
      const nearer = size - low < high - size || (size - low === high - size && above % 2 === 1) ? low : high;
      expect(half).toBe(Math.sign(value) * nearer);
    }),
    { numRuns: 2000 },
  );
});

test('whole numbers stay whole in a file of halves, and what half precision cannot hold is refused by name', async () => {
  const path = join(await temporaryFolder(), 'x.safetensors');
  const tensors: State = new Map([
    ['count', zeros([1], 'int64')],
    ['weight', float32(Float32Array.of(0.1, 65519), [2])],
  ]);
  await writeSafetensors(path, { tensors, metadata: { a: 'b' } }, { half: true });
  const read = await readSafetensors(path);
  expect(read.metadata).toEqual({ a: 'b' });
  expect(read.tensors.get('count')).toEqual(tensors.get('count'));
  expect([...read.tensors.get('weight')!.data]).toEqual([Math.fround(0.0999755859375), 65504]);
  tensors.set('weight', float32(Float32Array.of(1, -65520, Infinity), [3]));
  await expect(writeSafetensors(path, { tensors, metadata: {} }, { half: true })).rejects.toThrow(
    'x.safetensors: tensor "weight" contains 65520, but half precision ends at 65504; keep these weights in float32',
  );
});

test('a checkpoint in half precision is one of its network', async () => {
  const path = join(await temporaryFolder(), 'c.safetensors');
  const parameters = new BatchNorm2d(4).parameters();
  await writeCheckpoint(path, 'net', initialState(parameters, 1), { step: 7, seed: 3, recipe: {} });
  await writeSafetensors(path, await readSafetensors(path), { half: true });
  const { weights, progress } = await readCheckpoint(path, 'net', parameters);
  expect([[...weights.keys()], progress?.step]).toEqual([[...parameters.keys()], 7]);
});
