import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { float32, type State } from '../graph/tensor-data.js';
import { BatchNorm2d } from '../nn/batch-norm2d.js';
import { initialState } from '../nn/network.js';
import { UserError } from '../support/error.js';
import { temporaryFolder } from '../test-support.js';
import { networkOf, readCheckpoint, readRecipe } from './checkpoint.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { formatOfFile, parseTensorFile, readTensorFile, readTensors } from './tensor-file.js';
import { npy } from './test-support.npy.js';

const golden = (name: string) => fileURLToPath(new URL(`../../goldens/checkpoints/${name}`, import.meta.url));
const parameters = new BatchNorm2d(4).parameters();
const state = initialState(parameters, 1);
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

const at = (name: string) => join(folder, name);
async function written(name: string, bytes: string | Uint8Array): Promise<string> {
  await writeFile(at(name), bytes);
  return at(name);
}

/** A .safetensors file of any types. */
function safetensors(entries: Record<string, [dtype: string, shape: number[], data: ArrayBufferView]>): Buffer {
  let offset = 0;
  const described = Object.entries(entries).map(([name, [dtype, shape, { byteLength }]]) => {
    offset += byteLength;
    return [name, { dtype, shape, data_offsets: [offset - byteLength, offset] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(described)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const data = Object.values(entries).map(([, , view]) => Buffer.from(view.buffer, view.byteOffset, view.byteLength));
  return Buffer.concat([length, header, ...data]);
}

describe('the first bytes decide how a file is read, not its name', () => {
  test.each(['weights', 'weights.bin', 'weights.ckpt', 'weights.safetensors', 'weights.txt'])(
    'PyTorch’s as %s',
    async (name) => {
      for (const source of ['old-norm.pth', 'legacy.pth']) {
        const path = await written(name, await readFile(golden(source)));
        expect(await formatOfFile(path)).toBe('pytorch');
        expect([...(await readTensors(path)).keys()]).toEqual([...(await readTensors(golden(source))).keys()]);
      }
      const path = await written(name, await readFile(golden('old-norm.pth')));
      expect((await readCheckpoint(path, 'net', parameters)).weights.size).toBe(parameters.size);
      expect([await networkOf(path), await readRecipe(path)]).toEqual([undefined, undefined]);
    },
  );

  test.each(['weights', 'weights.pth', 'weights.tar'])('.safetensors as %s', async (name) => {
    await writeSafetensors(at(name), { tensors: state, metadata: {} });
    expect((await readCheckpoint(at(name), 'net', parameters)).weights).toEqual(state);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    [
      'a git-lfs pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
      /it is a git-lfs pointer.+git lfs pull/,
    ],
    ['a web page', '\n  <!DOCTYPE html><html>', /it is a web page \(HTML or XML\).+download the file itself/],
    ['a web page with a byte order mark', '\ufeff<html>', /it is a web page/],
    ['an answer in XML', '<?xml version="1.0"?><Error><Code>AccessDenied', /it is a web page \(HTML or XML\)/],
    ['an empty file', '', /it is empty, not weights; download it again/],
    ['the first two bytes of an archive', 'PK', /it is cut off after its first bytes/],
    ['HDF5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /it is an HDF5 file/],
    ['a gzip archive', gzipSync('weights'), /it is a gzip archive, not weights; unpack it/],
    [
      'a tar archive',
      Buffer.concat([Buffer.from('weights.pth'.padEnd(257, '\0')), Buffer.from('ustar\0')]),
      /it is a tar archive, not weights; unpack it/,
    ],
    [
      'a tar archive that an old PyTorch wrote',
      Buffer.concat([Buffer.from('sys_info'.padEnd(257, '\0')), Buffer.from('ustar\0')]),
      /it is a checkpoint of PyTorch before 0\.1\.10 .+; load it with PyTorch, and save it again/,
    ],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /it is a picture \(PNG\)/],
    ['an array of NumPy', npy('<f4', [1], new Uint8Array(4)), /it is a single NumPy array/],
    ['an archive of NumPy', zipSync({ 'a.npy': npy('<f4', [1], new Uint8Array(4)) }), /a NumPy archive/],
    ['JSON of another kind', '{"format": "graph-model"}', /without a "weight_map" of tensors and files/],
    ['other text', 'hello there', /its first bytes, 68 65 6c 6c 6f 20 74 68, are those of no format/],
  ])('%s is named', async (_what, bytes, message) => {
    for (const name of ['x.pth', 'x.safetensors', 'x']) {
      const path = await written(name, bytes);
      const thrown = await readCheckpoint(path, 'net', parameters).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(UserError);
      expect((thrown as Error).message).toMatch(message);
      expect((thrown as Error).message.startsWith(`${path}: `)).toBe(true);
    }
  });

  test('a reader of .safetensors alone names a file of another format', async () => {
    await expect(readSafetensors(golden('zip.pth'))).rejects.toThrow(/zip\.pth: it is a PyTorch checkpoint, whatever/);
    await expect(readSafetensors(await written('p.safetensors', '<html>'))).rejects.toThrow(/it is a web page/);
  });
});

test('.safetensors holds every type that .pth does, with the same values', async () => {
  const path = await written(
    'types.safetensors',
    safetensors({
      f64: ['F64', [2], Float64Array.of(0.5, -3)],
      i64: ['I64', [1], BigInt64Array.of(-1n)],
      f32: ['F32', [], Float32Array.of(7)],
      i32: ['I32', [2], Int32Array.of(-5, 6)],
      u32: ['U32', [1], Uint32Array.of(0xffffffff)],
      bf16: ['BF16', [2], Uint16Array.of(0x3f80, 0xc040)],
      f16: ['F16', [1], Uint16Array.of(0x3c00)],
      i16: ['I16', [1], Int16Array.of(-2)],
      u16: ['U16', [1], Uint16Array.of(65535)],
      u8: ['U8', [2], Uint8Array.of(0, 255)],
      i8: ['I8', [1], Int8Array.of(-1)],
      bool: ['BOOL', [2], Uint8Array.of(1, 0)],
    }),
  );
  const read = Object.fromEntries(
    [...(await readTensors(path))].map(([name, { data }]) => [name, [...data].map(Number)]),
  );
  expect(read).toEqual({
    ...{ f64: [0.5, -3], i64: [-1], f32: [7], i32: [-5, 6], u32: [4294967295], bf16: [1, -3], f16: [1] },
    ...{ i16: [-2], u16: [65535], u8: [0, 255], i8: [-1], bool: [1, 0] },
  });
  // A counter of 32 bits, and one that is missing, fit as in .pth.
  const others = new Map([...state].filter(([name]) => name !== 'num_batches_tracked'));
  await writeSafetensors(at('without.safetensors'), { tensors: others, metadata: {} });
  const { weights } = await readCheckpoint(at('without.safetensors'), 'net', parameters);
  expect(weights.get('num_batches_tracked')!.data).toEqual(BigInt64Array.of(0n));
});

test('a tensor called __proto__ survives a file', async () => {
  const tensors: State = new Map([['__proto__', float32(Float32Array.of(1), [1])]]);
  await writeSafetensors(at('proto.safetensors'), { tensors, metadata: {} });
  expect((await readSafetensors(at('proto.safetensors'))).tensors).toEqual(tensors);
});

describe('weights that are split among files', () => {
  async function split(name: string, index: unknown, files: Record<string, State>): Promise<string> {
    await mkdir(at(name));
    for (const [file, tensors] of Object.entries(files))
      await writeSafetensors(at(`${name}/${file}`), { tensors, metadata: { format: 'pt' } });
    return written(`${name}/model.safetensors.index.json`, JSON.stringify(index));
  }
  const names = [...state.keys()];
  const [first, second] = [new Map([...state].slice(0, 2)), new Map([...state].slice(2))];
  const file = (name: string) => (first.has(name) ? 'model-1.safetensors' : 'model-2.safetensors');
  const map = Object.fromEntries(names.map((name) => [name, file(name)]));
  const files = { 'model-1.safetensors': first, 'model-2.safetensors': second };

  test('are read by their index, of .safetensors and of .bin', async () => {
    const path = await split('shards', { metadata: { total_size: 1 }, weight_map: map }, files);
    expect((await readCheckpoint(path, 'net', parameters)).weights).toEqual(state);
    expect(await networkOf(path)).toBeUndefined();
    const bin = Object.fromEntries(['weight', 'bias', 'running_mean', 'running_var'].map((name) => [name, 'old.bin']));
    await writeFile(at('shards/old.bin'), await readFile(golden('old-norm.pth')));
    const index = await written('shards/pytorch_model.bin.index.json', `\ufeff${JSON.stringify({ weight_map: bin })}`);
    expect((await readCheckpoint(index, 'net', parameters)).weights.size).toBe(parameters.size);
  });

  test.each<[string, object, RegExp]>([
    ['a missing file', { ...map, more: 'model-3.safetensors' }, /model-3\.safetensors: cannot be read/],
    ['a missing tensor', { ...map, more: 'model-1.safetensors' }, /tensor "more" is missing in model-1\.safetensors/],
    [
      'a tensor that is elsewhere',
      { ...map, weight: 'model-2.safetensors' },
      /holds tensor "weight", which the index does not/,
    ],
    ['a file outside', { ...map, more: '../x.safetensors' }, /refused: it names "\.\.\/x\.safetensors", which is not/],
    ['nothing', {}, /its "weight_map" names no tensors/],
  ])('%s is named', async (what, weightMap, message) => {
    const path = await split(what, { weight_map: weightMap }, files);
    await expect(readTensorFile(path)).rejects.toThrow(message);
  });

  test('bytes alone cannot find the files', () => {
    const bytes = Buffer.from(JSON.stringify({ weight_map: map }));
    expect(() => parseTensorFile(bytes, 'the weights')).toThrow(/the index of several files; give its path/);
  });
});

test('changed bytes of a .safetensors file are read or named', async () => {
  await writeSafetensors(at('whole.safetensors'), { tensors: state, metadata: { a: 'b' } });
  const whole = await readFile(at('whole.safetensors'));
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = new Uint8Array(whole);
      for (const [place, value] of changes) bytes[place] = value;
      try {
        parseTensorFile(bytes, 'x');
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(UserError);
        expect((thrown as Error).cause).toBeUndefined();
      }
    }),
    { numRuns: 1000, seed: 24 },
  );
});
