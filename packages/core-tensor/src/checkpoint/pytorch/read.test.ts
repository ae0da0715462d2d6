import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { filling, temporaryFolder } from '../../test-support.js';
import { readPyTorch, readPyTorchFile } from './read.js';

const file = (name: string) => fileURLToPath(new URL(`../../../goldens/checkpoints/${name}`, import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

const numbers = (values: ArrayLike<number | bigint>) => Array.from(values, Number);

describe('files made by PyTorch', () => {
  test.each(['zip.pth', 'legacy.pth', 'protocol4.pt'])('%s', async (name) => {
    const state = await readPyTorch(file(name));
    expect([...state.keys()]).toEqual(['conv.weight', 'conv.bias', 'norm.num_batches_tracked']);
    expectClose(state.get('conv.weight')!, filling([2, 3, 2, 2], 0));
    expectClose(state.get('conv.bias')!, filling([2], 1));
    expect(state.get('norm.num_batches_tracked')).toEqual({ dtype: 'int64', shape: [], data: BigInt64Array.of(7n) });
  });

  test.each(['types.pth', 'types-legacy.pth'])('%s: every type', async (name) => {
    const state = await readPyTorch(file(name));
    const reference = numbers(filling([6], 0).data);
    for (const [type, digits] of [
      ['float16', 2],
      ['bfloat16', 1],
      ['float64', 6],
    ] as const) {
      expect(state.get(type)!.dtype).toBe('float32');
      for (const [i, value] of numbers(state.get(type)!.data).entries())
        expect(value).toBeCloseTo(reference[i]!, digits);
    }
    expect(state.get('int64')).toEqual({ dtype: 'int64', shape: [2], data: BigInt64Array.of(-1n, 2n ** 40n) });
    expect(numbers(state.get('int32')!.data)).toEqual([-5, 6]);
    expect(numbers(state.get('uint8')!.data)).toEqual([0, 255]);
    expect(numbers(state.get('bool')!.data)).toEqual([1, 0]);
    expect(state.get('empty')).toEqual({ dtype: 'float32', shape: [0, 3], data: new Float32Array(0) });
  });

  test.each(['views.pth', 'views-legacy.pk'])('%s: strided views of one storage', async (name) => {
    const state = await readPyTorch(file(name));
    const whole = numbers(filling([4, 6], 0).data);
    const at = (rows: number[], columns: number[]) =>
      rows.flatMap((row) => columns.map((column) => whole[row * 6 + column]!));
    const all = [0, 1, 2, 3, 4, 5];
    const expected: Record<string, [number[], number[]]> = {
      transposed: [[6, 4], all.flatMap((column) => [0, 1, 2, 3].map((row) => whole[row * 6 + column]!))],
      part: [[2, 3], at([1, 2], [0, 2, 4])],
      shared: [[6], at([1], all)],
      repeated: [[3, 6], at([0, 0, 0], all)],
    };
    for (const [view, [shape, values]] of Object.entries(expected)) {
      const tensor = state.get(view)!;
      expect(tensor.shape).toEqual(shape);
      for (const [i, value] of numbers(tensor.data).entries()) expect(value).toBeCloseTo(values[i]!, 6);
    }
  });

  test('a training run’s file: the state_dict inside, without "module."', async () => {
    for (const name of ['run.pth.tar', 'params.pth']) {
      const state = await readPyTorch(file(name));
      expect([...state.keys()]).toEqual(['weight', 'bias']);
      expectClose(state.get('weight')!, filling([2, 3], 0));
    }
    expect([...(await readPyTorch(file('params.pth'), 'params')).keys()]).toEqual(['weight', 'bias']);
  });
});

test.each(['network.pt', 'network-legacy.pt'])('%s: a whole module, with what its modules carry', async (name) => {
  const { state, attributes } = await readPyTorchFile(file(name));
  const gate = ['conv.weight', 'conv.bias', 'norm.weight', 'norm.bias'];
  const norm = ['norm.running_mean', 'norm.running_var', 'norm.num_batches_tracked'];
  const gates = [0, 1].flatMap((i) => [...gate, ...norm].map((leaf) => `gates.${i}.${leaf}`));
  expect([...state.keys()]).toEqual([...gates, 'act.1.weight']);
  expect(state.get('gates.1.norm.running_var')!.data).toEqual(Float32Array.of(1, 1));
  expect([...attributes]).toEqual(
    [0, 1].map((i) => [`gates.${i}.choice`, { dtype: 'int64', shape: [], data: BigInt64Array.of(4n) }]),
  );
  expect([...(await readPyTorch(file('module.pth'))).keys()]).toEqual(['weight', 'bias']);
});

describe('refused, with the first reason', () => {
  const refusals: [string, () => Promise<string>, RegExp][] = [
    [
      'a call of os.system',
      async () => file('malicious.pth'),
      /refused: it calls posix\.system, which no checkpoint needs; use a/,
    ],
    [
      'the same without PyTorch’s wrapping',
      async () => file('malicious-legacy.pth'),
      /refused: it calls posix\.system/,
    ],
    ['lists within lists within lists', async () => file('deep.pth'), /refused: nested deeper than 64/],
    [
      'no tensors',
      async () => file('no-tensors.pth'),
      /no tensors where they are expected; it has only "epoch", "note"/,
    ],
    ['a missing file', async () => file('none.pth'), /none\.pth: cannot be read \(no such file/],
    ['another kind of file', () => written('text.pth', Buffer.from('hello')), /neither a zip archive nor a pickle/],
    ['a truncated zip', async () => cut('zip.pth', 900), /not a complete zip archive/],
    ['a truncated pickle', async () => cut('legacy.pth', 300), /truncated/],
    ['a legacy file cut in its storages', async () => cut('legacy.pth', -20), /truncated: \d+ bytes needed at byte/],
    [
      'a zip bomb',
      () => rezipped('bomb.pth', { 'archive/data/9': new Uint8Array(50_000_000) }, 9),
      /would unpack to more than 8 times/,
    ],
    [
      'a storage shorter than declared',
      () => rezipped('short.pth', { 'zip/data/0': new Uint8Array(8) }),
      /storage "0" has 8 bytes, 96 are needed/,
    ],
    ['a missing storage', () => rezipped('lost.pth', { 'zip/data/1': undefined }), /storage "1" is missing/],
    [
      'a tensor larger than any network’s',
      () => spliced('large.pth', 3, [0x4a, 0, 0, 0, 0x40], 2),
      /refused: a tensor of \[1073741824\] is larger than any network's/,
    ],
    [
      'a text of two megabytes',
      () => pickled('text-length.pth', [0x80, 2, 0x58, 0, 0, 0x20, 0]),
      /truncated: 2097152 bytes needed/,
    ],
    [
      'a view past its storage',
      () => spliced('past.pth', 2, [100], 1),
      /a tensor of \[2\] reaches element \d+ of a storage of 2/,
    ],
    ['an opcode of no state_dict', () => pickled('opcode.pth', [0x80, 2, 0x82]), /opcode 0x82 at byte 2 is not one/],
    [
      'a call of no function',
      () => pickled('call.pth', [0x80, 2, 0x4e, 0x29, 0x52, 0x2e]),
      /it calls something that is not a function/,
    ],
    ['a pickle that takes from nothing', () => pickled('empty.pth', [0x80, 2, 0x2e]), /pops an empty stack/],
  ];
  test.each(refusals)('%s', async (_what, path, message) => {
    await expect(readPyTorch(await path())).rejects.toThrow(message);
  });

  test('a key that is not there', async () => {
    await expect(readPyTorch(file('run.pth.tar'), 'ema')).rejects.toThrow(
      /it has no key "ema"; tensors are under "state_dict": choose with --weights-key/,
    );
  });

  test('a name that JavaScript treats apart does no harm', async () => {
    // {"__proto__": None} by opcodes: EMPTY_DICT, SHORT_BINUNICODE, NONE, SETITEM.
    const name = Buffer.from('__proto__');
    const path = await pickled('proto.pth', [0x80, 4, 0x7d, 0x8c, name.length, ...name, 0x4e, 0x73, 0x2e]);
    await expect(readPyTorch(path)).rejects.toThrow(/it has only "__proto__"/);
  });
});

async function written(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

async function cut(name: string, end: number): Promise<string> {
  return written(`cut${end}-${name}`, (await readFile(file(name))).subarray(0, end));
}

/** Writes zip.pth with entries replaced, added, or (undefined) left out. */
async function rezipped(
  name: string,
  changes: Record<string, Uint8Array | undefined>,
  level: 0 | 9 = 0,
): Promise<string> {
  const entries: Record<string, Uint8Array> = { ...unzipSync(await readFile(file('zip.pth'))) };
  for (const [entry, bytes] of Object.entries(changes))
    if (bytes) entries[entry] = bytes;
    else delete entries[entry];
  return written(name, zipSync(entries, { level }));
}

/** Writes zip.pth with the given bytes as its pickle. */
async function pickled(name: string, bytes: readonly number[]): Promise<string> {
  return rezipped(name, { 'zip/data.pkl': Uint8Array.from(bytes) });
}

/** Writes zip.pth with other bytes in its second tensor's description: [BINPERSID, BININT1, offset, BININT1, size]. */
async function spliced(name: string, place: number, bytes: readonly number[], instead: number): Promise<string> {
  const pickle = [...unzipSync(await readFile(file('zip.pth')))['zip/data.pkl']!];
  // The TUPLE1 of its shape ends the pattern: only the bias has this shape.
  const at = pickle.findIndex((_, i) => [0x51, 0x4b, 0, 0x4b, 2, 0x85].every((byte, j) => pickle[i + j] === byte));
  pickle.splice(at + place, instead, ...bytes);
  return pickled(name, pickle);
}

function expectClose(
  ours: { shape: readonly number[]; data: ArrayLike<number | bigint> },
  expected: typeof ours,
): void {
  expect(ours.shape).toEqual(expected.shape);
  for (const [i, value] of numbers(expected.data).entries()) expect(Number(ours.data[i])).toBeCloseTo(value, 6);
}
