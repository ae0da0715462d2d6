import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { elements } from '../../graph/tensor-data.js';
import { temporaryFolder } from '../../test-support.js';
import { toHalf } from '../half.js';
import { bytesOf } from '../test-support.npy.js';
import { readGraphModel } from './graph-model.js';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

interface Written {
  readonly weights: readonly (object & { readonly bytes: Uint8Array })[];
  readonly shard?: number;
  readonly change?: (json: Json) => unknown;
}
type Json = ReturnType<typeof description>;

const description = (weights: readonly object[], paths: readonly string[]) => ({
  format: 'graph-model',
  modelTopology: {
    node: [
      { name: 'x', op: 'Placeholder', attr: {} },
      { name: 'y', op: 'Conv2D', input: ['x:0', '^w'], attr: { padding: { s: 'U0FNRQ==' } } },
    ] as object[],
  },
  weightsManifest: [{ paths, weights }],
});

/** Writes a model whose weights lie in shards of a size. @returns the path of its model.json */
async function written({ weights, shard = 8, change = (json) => json }: Written): Promise<string> {
  const bytes = Buffer.concat(weights.map((weight) => weight.bytes));
  const count = Math.max(1, Math.ceil(bytes.length / shard));
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  for (const [i, path] of paths.entries())
    await writeFile(join(folder, path), bytes.subarray(i * shard, (i + 1) * shard));
  const json = description(
    weights.map(({ bytes: _, ...described }) => described),
    paths,
  );
  await writeFile(join(folder, 'model.json'), JSON.stringify(change(json)));
  return join(folder, 'model.json');
}

const floats = (name: string, shape: readonly number[], values: readonly number[]) => ({
  ...{ name, shape, dtype: 'float32' },
  bytes: bytesOf(Float32Array.from(values)),
});
const THREE = [floats('a', [3], [1, 2, 3]), floats('b', [], [4]), floats('c', [2, 2], [5, 6, 7, 8])];

test('nodes with the names they read, and weights across the ends of files', async () => {
  const { nodes, weights } = await readGraphModel(await written({ weights: THREE }));
  expect(nodes).toEqual([
    { name: 'x', op: 'Placeholder', inputs: [], attributes: {} },
    { name: 'y', op: 'Conv2D', inputs: ['x', 'w'], attributes: { padding: { s: 'U0FNRQ==' } } },
  ]);
  expect([...weights]).toEqual([
    ['a', { dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) }],
    ['b', { dtype: 'float32', shape: [], data: Float32Array.of(4) }],
    ['c', { dtype: 'float32', shape: [2, 2], data: Float32Array.of(5, 6, 7, 8) }],
  ]);
});

test('every type: whole numbers, truth values, and what a converter shrank', async () => {
  const half = toHalf(Float32Array.of(0.5, -2))!;
  const levels = { scale: 0.25, min: -1 };
  const weights = [
    { name: 'int32', shape: [2], dtype: 'int32', bytes: bytesOf(Int32Array.of(-1, 7)) },
    { name: 'bool', shape: [2], dtype: 'bool', bytes: Uint8Array.of(0, 1) },
    {
      name: 'uint8',
      shape: [2],
      dtype: 'float32',
      quantization: { dtype: 'uint8', ...levels },
      bytes: Uint8Array.of(0, 255),
    },
    {
      ...{ name: 'uint16', shape: [1], dtype: 'float32', quantization: { dtype: 'uint16', ...levels } },
      bytes: bytesOf(Uint16Array.of(65535)),
    },
    {
      ...{
        name: 'float16',
        shape: [2],
        dtype: 'float32',
        quantization: { dtype: 'float16', original_dtype: 'float32' },
      },
      bytes: half,
    },
    {
      ...{ name: 'ints', shape: [2], dtype: 'int32', quantization: { dtype: 'uint8', scale: 1, min: -5 } },
      bytes: Uint8Array.of(0, 9),
    },
  ];
  const read = await readGraphModel(await written({ weights }));
  const values = Object.fromEntries([...read.weights].map(([name, { dtype, data }]) => [name, [dtype, ...data]]));
  expect(values).toEqual({
    int32: ['int64', -1n, 7n],
    bool: ['int64', 0n, 1n],
    uint8: ['float32', -1, 62.75],
    uint16: ['float32', 16382.75],
    float16: ['float32', 0.5, -2],
    ints: ['int64', -5n, 4n],
  });
});

test('any weights in shards of any size come back', async () => {
  const shapes = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(shapes, fc.integer({ min: 1, max: 40 }), async (all, shard) => {
      const weights = all.map((shape, i) =>
        floats(
          `w${i}`,
          shape,
          Array.from({ length: elements(shape) }, (_, j) => i + j / 64),
        ),
      );
      const read = await readGraphModel(await written({ weights, shard }));
      expect([...read.weights.keys()]).toEqual(weights.map(({ name }) => name));
      for (const { name, shape, bytes } of weights) {
        const tensor = read.weights.get(name)!;
        expect(tensor.shape).toEqual(shape);
        expect(Buffer.from(bytesOf(tensor.data)).equals(bytes)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

const weight = (json: Json) => json.weightsManifest[0]!.weights[0] as Record<string, unknown>;

describe('refused, naming the file', () => {
  const changes: [string, (json: Json) => unknown, RegExp][] = [
    [
      'a layers model',
      (json) => ({ ...json, format: 'layers-model' }),
      /model\.json: its format is layers-model; only graph-model is read/,
    ],
    ['no graph', ({ modelTopology: _, ...json }) => json, /model\.json: not a graph model \(modelTopology: /],
    [
      'a node without a name',
      (json) => {
        json.modelTopology.node.push({ op: 'Add' });
        return json;
      },
      /\(modelTopology\.node\.2\.name: /,
    ],
    [
      'a shape that is none',
      (json) => {
        weight(json).shape = [-3];
        return json;
      },
      /\(weightsManifest\.0\.weights\.0\.shape\.0: /,
    ],
    [
      'a type that is not read',
      (json) => {
        weight(json).dtype = 'string';
        return json;
      },
      /model\.json: weight "a" is string; only float32, int32, bool are read/,
    ],
    [
      'a quantised type that is none',
      (json) => {
        weight(json).quantization = { dtype: 'int4' };
        return json;
      },
      /weight "a" is float32 stored as int4, which no/,
    ],
    [
      'no scale',
      (json) => {
        weight(json).quantization = { dtype: 'uint8', min: 0 };
        return json;
      },
      /weight "a" is stored as uint8 without a finite scale/,
    ],
    [
      'a weight larger than its file',
      (json) => {
        weight(json).shape = [4];
        return json;
      },
      /shard4of4\.bin: it has 8 bytes, by .*model\.json it should have 12/,
    ],
    [
      'a weight larger than any',
      (json) => {
        weight(json).shape = [2 ** 40, 2 ** 40];
        return json;
      },
      /weight "a": \[.+\] is larger than any network's/,
    ],
    [
      'more weights than any',
      (json) => {
        weight(json).shape = [2 ** 30];
        return json;
      },
      /refused: \d+ bytes of weights are more than any network has/,
    ],
    [
      'one name twice',
      (json) => {
        weight(json).name = 'b';
        return json;
      },
      /weight "b" is listed twice/,
    ],
    [
      'a shard elsewhere',
      (json) => {
        json.weightsManifest[0]!.paths = ['../secret.bin'];
        return json;
      },
      /refused: its shard "\.\.\/secret\.bin" leads out of the folder/,
    ],
    [
      'a shard on the web',
      (json) => {
        json.weightsManifest[0]!.paths = ['https://x/y.bin'];
        return json;
      },
      /its shard "https:\/\/x\/y\.bin" leads out/,
    ],
  ];
  test.each(changes)('%s', async (_what, change, message) => {
    await expectRefused(await written({ weights: THREE, change }), message);
  });

  const files: [string, () => Promise<unknown>, RegExp][] = [
    [
      'a missing model',
      () => rm(join(folder, 'model.json')),
      /model\.json: cannot be read \(no such file or folder\); check the path/,
    ],
    [
      'a truncated description',
      () => truncate(join(folder, 'model.json'), 90),
      /model\.json: not JSON, or truncated; use a complete/,
    ],
    [
      'a missing shard',
      () => rm(join(folder, shard(2))),
      /shard2of4\.bin: cannot be read \(no such file or folder\); it belongs beside .*model\.json/,
    ],
    [
      'a truncated shard',
      () => truncate(join(folder, shard(2)), 5),
      /shard2of4\.bin: truncated, or in the place of another shard: it has 5 bytes, only the last/,
    ],
    [
      'a truncated last shard',
      () => truncate(join(folder, shard(4)), 3),
      /shard4of4\.bin: it has 3 bytes, by .*model\.json it should have 8/,
    ],
    [
      'bytes that follow',
      () => writeFile(join(folder, shard(4)), new Uint8Array(20)),
      /shard1of4\.bin: truncated, or in the place of another shard/,
    ],
  ];
  test.each(files)('%s', async (_what, damage, message) => {
    const path = await written({ weights: THREE });
    await damage();
    await expectRefused(path, message);
  });
});

const shard = (number: number) => `group1-shard${number}of4.bin`;

async function expectRefused(path: string, message: RegExp): Promise<void> {
  await expect(readGraphModel(path)).rejects.toThrow(
    expect.objectContaining({ name: 'UserError', message: expect.stringMatching(message) }),
  );
}
