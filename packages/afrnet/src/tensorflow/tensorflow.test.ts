import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Parameter, shapesOf, uniform } from '@unweather/core-tensor';
import { temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';
import { AFRNet } from '../networks/afrnet.js';
import { readBundle } from './bundle.js';
import { readTensorFlow } from './checkpoint.js';
import { tensorflowName } from './names.js';

// Written by TensorFlow 2.21 with the official code's variable names; values count up by a half from 0, 1, 2, …
const goldens = fileURLToPath(new URL('../../goldens/tensorflow/', import.meta.url));

test('variables of a checkpoint that TensorFlow wrote', async () => {
  const variables = await readBundle(join(goldens, 'small.index'));
  expect([...variables.keys()].sort()).toEqual([
    ...['MDE/deconv_1/conv2d_transpose/kernel', 'SEN/conv1/conv2d/bias', 'SEN/conv1/conv2d/kernel'],
    'SEN/conv1/conv2d/kernel/Adam',
  ]);
  expect(variables.get('SEN/conv1/conv2d/bias')).toEqual({
    dtype: 'float32',
    shape: [2],
    data: Float32Array.of(1, 1.5),
  });
  const many = await readBundle(join(goldens, 'many.index'));
  expect(many.size).toBe(400);
  for (let i = 0; i < 400; i++)
    expect([...many.get(`scope_${String(i).padStart(3, '0')}/conv2d/kernel`)!.data]).toEqual([i, i]);
});

test('kernels of both kinds are turned; other variables are left out and counted', async () => {
  const parameter = (...shape: number[]) => new Parameter(shape, uniform(0, 1));
  const parameters = new Map([
    ['SEN.conv1.weight', parameter(2, 3, 7, 7)],
    ['SEN.conv1.bias', parameter(2)],
    ['MDE.deconv_1.weight', parameter(4, 2, 3, 3)],
  ]);
  const path = join(goldens, 'small.index');
  const { weights, skipped } = await readTensorFlow(path, 'AFRNet', parameters);
  expect(skipped).toBe(1);
  // TensorFlow's [y, x, in, out] at (1, 2, 2, 1) has the flat index ((1·7 + 2)·3 + 2)·2 + 1.
  expect(weights.get('SEN.conv1.weight')!.data[1 * 147 + 2 * 49 + 9]).toBe(0.5 * 59);
  // [y, x, out, in] at (2, 0, 1, 3): ((2·3 + 0)·2 + 1)·4 + 3, from 2.
  expect(weights.get('MDE.deconv_1.weight')!.data[3 * 18 + 1 * 9 + 6]).toBe(0.5 * 55 + 2);
  const missing = new Map([['SEN.conv2.bias', parameter(2)]]);
  await expect(readTensorFlow(path, 'AFRNet', missing)).rejects.toThrow(
    /variable "SEN\/conv2\/conv2d\/bias" is missing; the nearest of its 4 names are "SEN\/conv1\/conv2d\/bias", .+ AFRNet/,
  );
  const other = new Map([['SEN.conv1.weight', parameter(2, 3, 3, 3)]]);
  await expect(readTensorFlow(path, 'AFRNet', other)).rejects.toThrow(/is \[2,3,7,7\], expected \[2,3,3,3\]/);
});

test('names of variables and of parameters', () => {
  expect(tensorflowName('SEN.EN_0.EN_01.EN_013.block_conv.weight')).toBe(
    'SEN/EN_0/EN_01/EN_013/block_conv/conv2d/kernel',
  );
  expect(tensorflowName('FMREF.LRB1.deconv_2.bias')).toBe('FMREF/LRB1/deconv_2/conv2d_transpose/bias');
  const names = shapesOf(new AFRNet().parameters()).map(([name]) => tensorflowName(name));
  expect(new Set(names).size).toBe(637);
});

test('damage is named', async () => {
  const folder = await temporaryFolder();
  const [index, data] = ['small.index', 'small.data-00000-of-00001'];
  const spoil = async (file: string, change: (bytes: Buffer) => Uint8Array) => {
    for (const name of [index, data]) await copyFile(join(goldens, name), join(folder, name));
    await writeFile(join(folder, file), change(await readFile(join(folder, file))));
    return readBundle(join(folder, index));
  };
  await expect(spoil(index, (bytes) => bytes.subarray(0, -9))).rejects.toThrow(
    /small\.index: not the index of a TensorFlow/,
  );
  await expect(spoil(index, (bytes) => Buffer.concat([bytes.subarray(20), bytes.subarray(-48)]))).rejects.toThrow(
    /small\.index: /,
  );
  await expect(spoil(data, (bytes) => bytes.subarray(0, 900))).rejects.toThrow(/of-00001: variable ".+" is truncated/);
  const flipped = (bytes: Buffer) => {
    bytes[4] = bytes[4]! ^ 1;
    return bytes;
  };
  await expect(spoil(data, flipped)).rejects.toThrow(/variable ".+" is damaged \(its checksum differs\)/);
  await expect(readBundle(join(folder, 'none.index'))).rejects.toThrow(/none\.index: cannot be read/);
});
