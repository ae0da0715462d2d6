import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float32, type State, zeros } from '../graph/tensor-data.js';
import { BatchNorm2d } from '../nn/batch-norm2d.js';
import { initialState } from '../nn/network.js';
import { filling, temporaryFolder } from '../test-support.js';
import { hashOfWeights, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { readPyTorch } from './pytorch/read.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

const parameters = new BatchNorm2d(4).parameters();
const state = initialState(parameters, 1);
const progress = { step: 7, seed: 3, recipe: { name: 'test' } };

async function written(change: (state: State) => void = () => undefined): Promise<string> {
  const path = join(await temporaryFolder(), 'c.safetensors');
  const copy = new Map(state);
  change(copy);
  await writeCheckpoint(path, 'net', copy, progress);
  return path;
}

test('any tensors and texts survive a file', async () => {
  const folder = await temporaryFolder();
  // JavaScript objects treat the key __proto__ specially; no tensor has that name.
  const name = fc.string({ minLength: 1 }).filter((text) => !/^__(proto|metadata)__$/.test(text));
  const tensors = fc.dictionary(name, fc.float32Array({ maxLength: 9 }));
  await fc.assert(
    fc.asyncProperty(tensors, fc.dictionary(name, fc.string()), async (table, metadata) => {
      const file = {
        tensors: new Map(
          Object.entries(table).map(([key, data]) => [key, float32(new Float32Array(data), [data.length])]),
        ),
        metadata,
      };
      await writeSafetensors(join(folder, 'x'), file);
      const read = await readSafetensors(join(folder, 'x'));
      expect(new Map([...read.tensors].sort())).toEqual(new Map([...file.tensors].sort()));
      expect({ ...read.metadata }).toEqual({ ...metadata });
    }),
    { numRuns: 50 },
  );
});

test('a checkpoint gives back weights, moments and progress', async () => {
  const path = await written((copy) => copy.set('optimizer.exp_avg.weight', float32(new Float32Array(4), [4])));
  const read = await readCheckpoint(path, 'net', parameters);
  expect(read.weights).toEqual(state);
  expect([...read.optimiser.keys()]).toEqual(['optimizer.exp_avg.weight']);
  expect(read.progress).toMatchObject(progress);
});

test('the hash depends on names, shapes and bytes', () => {
  const other = new Map(state).set('weight', float32(Float32Array.of(1, 1, 1, 2), [4]));
  expect(hashOfWeights(state)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOfWeights(other)).not.toBe(hashOfWeights(state));
});

describe('a checkpoint that does not fit is refused by name', () => {
  test.each<[string, RegExp, (path: string) => Promise<string>]>([
    ['another network', /it belongs to another network, net; use a checkpoint of wanted/, async (path) => path],
    [
      'cut in its data',
      /truncated: tensor ".+" ends at byte \d+ of \d+/,
      (path) => rewritten(path, (b) => b.subarray(0, -1)),
    ],
    ['cut in its header', /truncated in its header/, (path) => rewritten(path, (b) => b.subarray(0, 60))],
    [
      'too short',
      /its first bytes, c0 01 00, are those of no format that is read/,
      (path) => rewritten(path, (b) => b.subarray(0, 3)),
    ],
    [
      'another format',
      /its first bytes, 41 41 41 41 41 41 41 41, are those of no format that is read/,
      (path) => rewritten(path, () => Buffer.alloc(100, 0x41)),
    ],
    [
      'a header of four gigabytes',
      /its header would be larger than allowed/,
      (path) => rewritten(path, (b) => b.fill(0xff, 0, 4)),
    ],
    ['a header of no JSON', /its header is not a JSON object/, (path) => rewritten(path, (b) => b.fill(0x20, 9, 12))],
    [
      'bytes at the end',
      /4 bytes follow the last tensor/,
      (path) => rewritten(path, (b) => Buffer.concat([b, Buffer.alloc(4)])),
    ],
    [
      'a garbled number',
      /"step" is missing from its metadata, or invalid/,
      (path) => rewritten(path, (b) => swap(b, '"step":"7"', '"step":"x"')),
    ],
    [
      'an unknown type',
      /is U64; only F16, BF16, F32, F64, I8, .+, BOOL are read; convert it to F16 or F32/,
      (path) => rewritten(path, (b) => swap(b, 'I64', 'U64')),
    ],
    [
      'a shape that does not fill its bytes',
      /has 16 bytes, its shape \[5\] needs 20/,
      (path) => rewritten(path, (b) => swap(b, '"shape":[4]', '"shape":[5]')),
    ],
    [
      'overlapping tensors',
      /overlaps another one or leaves a gap/,
      (path) => rewritten(path, (b) => swap(b, '[16,32]', '[15,31]')),
    ],
    [
      'a tensor described wrongly',
      /is not described as the format requires/,
      (path) => rewritten(path, (b) => swap(b, '[16,32]', '[16,-2]')),
    ],
  ])('%s', async (_name, message, spoil) => {
    const path = await spoil(await written());
    const network = message.source.includes('wanted') ? 'wanted' : 'net';
    await expect(readCheckpoint(path, network, parameters)).rejects.toThrow(message);
    await expect(readCheckpoint(path, network, parameters)).rejects.toThrow(path);
  });

  test('a tensor that is missing, of another shape, or not of this network', async () => {
    const missing = await written((copy) => copy.delete('bias'));
    await expect(readCheckpoint(missing, 'net', parameters)).rejects.toThrow('tensor "bias" is missing');
    const reshaped = await written((copy) => copy.set('bias', float32(new Float32Array(4), [2, 2])));
    await expect(readCheckpoint(reshaped, 'net', parameters)).rejects.toThrow(
      'tensor "bias" is float32 [2,2], expected float32 [4]',
    );
    const extra = await written((copy) => copy.set('more', float32(new Float32Array(1), [1])));
    await expect(readCheckpoint(extra, 'net', parameters)).rejects.toThrow(
      'tensor "more" does not belong to this network',
    );
  });
});

test('a state_dict saved by PyTorch before it counted batches', async () => {
  const path = fileURLToPath(new URL('../../goldens/checkpoints/old-norm.pth', import.meta.url));
  const { weights, progress: run } = await readCheckpoint(path, 'net', parameters);
  expect(run).toBeUndefined();
  expect([...weights.keys()]).toEqual([...parameters.keys()]);
  expect(weights.get('num_batches_tracked')!.data).toEqual(BigInt64Array.of(0n));
  expect(weights.get('running_var')!.data[0]).toBeCloseTo(Number(filling([4], 3).data[0]), 6);
});

test('tensors that a network has no use for are left out and counted, in files of others alone', async () => {
  const folder = await temporaryFolder();
  const unused = (name: string) => name.startsWith('ops.');
  const path = fileURLToPath(new URL('../../goldens/checkpoints/old-norm.pth', import.meta.url));
  const tensors: State = new Map([...(await readPyTorch(path)), ['ops.1.bias', zeros([1])]]);
  const theirs = join(folder, 'theirs.safetensors');
  tensors.set('num_batches_tracked', zeros([], 'int64'));
  await writeSafetensors(theirs, { tensors, metadata: {} });
  expect((await readCheckpoint(theirs, 'net', parameters, { unused })).skipped).toBe(1);
  await expect(readCheckpoint(theirs, 'net', parameters)).rejects.toThrow(
    'tensor "ops.1.bias" does not belong to this network',
  );
  const ours = join(folder, 'ours.safetensors');
  await writeCheckpoint(ours, 'net', tensors, { step: 1, seed: 1, recipe: {} });
  await expect(readCheckpoint(ours, 'net', parameters, { unused })).rejects.toThrow('does not belong to this network');
});

async function rewritten(path: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
  await writeFile(path, change(await readFile(path)));
  return path;
}

/** Replaces text in the header by text of the same length. */
function swap(bytes: Buffer, from: string, to: string): Buffer {
  const place = bytes.indexOf(from);
  expect(place).toBeGreaterThan(0);
  expect(to.length).toBe(from.length);
  bytes.write(to, place);
  return bytes;
}
