import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { float32, type State, zeros } from '../graph/tensor-data.js';
import { BatchNorm2d } from '../nn/batch-norm2d.js';
import { initialState } from '../nn/network.js';
import { temporaryFolder } from '../test-support.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { dictionary, checkpoint as pth, tensor } from './pytorch/test-support.pickle.js';
import { writeSafetensors } from './safetensors.js';
import { readTensors } from './tensor-file.js';

const parameters = new BatchNorm2d(4).parameters();
const state = initialState(parameters, 1);
const others: State = new Map([['loss.scale', zeros([1])]]);
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

async function plain(tensors: State): Promise<string> {
  const path = join(folder, 'x.safetensors');
  await writeSafetensors(path, { tensors, metadata: {} });
  return path;
}
const prefixed = (prefix: string, tensors = state): State =>
  new Map([...tensors].map(([name, value]) => [`${prefix}${name}`, value]));
const read = async (path: string, key?: string) => (await readCheckpoint(path, 'net', parameters, { key })).weights;
/** A state_dict of the network in the opcodes of a pickle. */
const pickled = (prefix = '') =>
  dictionary(
    Object.fromEntries(
      ['weight', 'bias', 'running_mean', 'running_var'].map((name) => [`${prefix}${name}`, tensor([4], [1])]),
    ),
  );
async function pytorch(value: Uint8Array): Promise<string> {
  const path = join(folder, 'x.pth');
  await writeFile(path, pth(value));
  return path;
}

describe('a prefix that all names share is dropped where the names fit then', () => {
  test.each(['module.', '_orig_mod.', 'module._orig_mod.', 'model.', 'net_g.', 'netG.', 'a.b.c.d.'])(
    '%s',
    async (prefix) => {
      expect(await read(await plain(prefixed(prefix)))).toEqual(state);
      expect((await read(await pytorch(pickled(prefix)))).get('bias')!.data).toEqual(Float32Array.of(1, 2, 3, 4));
      const inside = dictionary({ state_dict: pickled(prefix) });
      expect((await read(await pytorch(inside))).size).toBe(parameters.size);
    },
  );

  test('in checkpoints of others alone, and by readers of names without a network, only what wrappers add', async () => {
    const ours = join(folder, 'ours.safetensors');
    await writeCheckpoint(ours, 'net', prefixed('module.'), { step: 1, seed: 1, recipe: {} });
    await expect(read(ours)).rejects.toThrow('tensor "weight" is missing');
    expect([...(await readTensors(await plain(prefixed('module._orig_mod.')))).keys()]).toEqual([...state.keys()]);
    expect([...(await readTensors(await plain(prefixed('model.')))).keys()][0]).toBe('model.weight');
  });

  test('where others stand beside, the prefix is named for the user to choose', async () => {
    const path = await plain(new Map([...prefixed('model.'), ...others]));
    await expect(read(path)).rejects.toThrow(
      /tensor "weight" is missing.*; below "model\." the file holds all of them, beside others: choose with --weights-key model \(in load, weightsKey\)/,
    );
    expect(await read(path, 'model')).toEqual(state);
    expect(await read(path, 'model.')).toEqual(state);
  });
});

describe('weights under an unusual key', () => {
  test.each(['net_g', 'ema', 'model_state', 'weight'])('%s', async (key) => {
    const path = await pytorch(dictionary({ epoch: Uint8Array.of(0x4e), [key]: pickled('module.') }));
    await expect(read(path)).rejects.toThrow(
      `it contains no tensors where they are expected; tensors are under "${key}": choose with --weights-key (in load, weightsKey)`,
    );
    expect((await read(path, key)).size).toBe(parameters.size);
  });

  test('is not proposed where none can be given', async () => {
    const under = await pytorch(dictionary({ ema: pickled() }));
    const beside = await plain(new Map([...prefixed('model.'), ...others]));
    const without = (path: string) => readCheckpoint(path, 'net', parameters, { takesKey: false });
    await expect(readTensors(under, { takesKey: false })).rejects.toThrow(
      'tensors are under "ema": this file must hold the weights alone, so save one of these in a file of its own; use',
    );
    await expect(without(under)).rejects.toThrow('this file must hold the weights alone');
    await expect(without(beside)).rejects.toThrow(
      'below "model." the file holds all of them, beside others: save those in a file of their own; use',
    );
  });

  test('further down, by the beginning of names, and instead of the usual one', async () => {
    const deep = dictionary({ state: dictionary({ ema: pickled(), 'a.b': pickled() }) });
    await expect(read(await pytorch(deep))).rejects.toThrow('tensors are under "state.ema", "state.a.b": choose');
    expect((await read(await pytorch(deep), 'state.ema')).size).toBe(parameters.size);
    expect((await read(await pytorch(deep), 'state.a.b')).size).toBe(parameters.size);
    const both = dictionary({ params: pickled('other.'), ema: pickled() });
    expect((await read(await pytorch(both), 'ema')).size).toBe(parameters.size);
    expect((await read(await pytorch(dictionary({ state_dict: pickled('net_g.') })), 'net_g')).size).toBe(5);
  });

  test('that is not there is refused with those that are', async () => {
    const path = await pytorch(dictionary({ state_dict: pickled('net_g.'), none: Uint8Array.of(0x4e) }));
    await expect(read(path, 'ema')).rejects.toThrow('it has no key "ema"; tensors are under "state_dict": choose');
    await expect(read(path, 'none')).rejects.toThrow('"none" contains no tensors; tensors are under "state_dict"');
    await expect(read(await plain(prefixed('a.')), 'ema')).rejects.toThrow(
      'no tensor\'s name begins with "ema."; the names begin with "a"',
    );
  });
});

test('names that do not fit are shown beside those of the file, nearest first', async () => {
  const renamed = new Map([...state].map(([name, value]) => [name.replace('running_', 'moving_'), value]));
  await expect(read(await plain(renamed))).rejects.toThrow(
    'tensor "running_mean" is missing (and "running_var"); the nearest of the 5 names in the file are ' +
      '"moving_mean", "moving_var", "weight"; use a checkpoint of net',
  );
  await expect(read(await plain(new Map([...state, ['wieght', zeros([1])]])))).rejects.toThrow(
    'tensor "wieght" does not belong to this network, whose nearest names are "weight", "bias"',
  );
  await expect(read(await plain(new Map()))).rejects.toThrow('the file holds no tensors');
});

describe('weights that are not finite are refused by name', () => {
  test.each([Number.NaN, Infinity, -Infinity])('%f', async (value) => {
    const bias = float32(Float32Array.of(0, value, 1, value), [4]);
    const path = await plain(new Map(state).set('bias', bias));
    await expect(read(path)).rejects.toThrow(
      `${path}: tensor "bias" of [4] contains ${value} (2 of its 4 numbers are not finite); use weights that were saved before`,
    );
    const ours = join(folder, 'nan.safetensors');
    const moments = new Map([...state, ['optimizer.exp_avg.bias', bias] as const]);
    await writeCheckpoint(ours, 'net', moments, { step: 1, seed: 1, recipe: {} });
    await expect(read(ours)).rejects.toThrow('tensor "optimizer.exp_avg.bias" of [4] contains');
  });

  test('tensors that the network has no use for may hold anything', async () => {
    const path = await plain(new Map([...state, ['extra', float32(Float32Array.of(Number.NaN), [1])]]));
    const unused = (name: string) => name === 'extra';
    expect((await readCheckpoint(path, 'net', parameters, { unused })).skipped).toBe(1);
  });
});
