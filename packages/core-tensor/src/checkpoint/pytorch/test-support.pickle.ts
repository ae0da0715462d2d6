import { zipSync } from 'fflate';

/** Part of a pickle: an opcode, a text as its UTF-8 bytes, or bytes. */
export type Part = number | string | readonly number[] | Uint8Array;

/** Bytes of a pickle, part by part: opcodes as numbers, texts as their UTF-8 bytes. */
export function pickle(...parts: readonly Part[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part) : typeof part === 'number' ? Buffer.of(part) : Buffer.from(part),
    ),
  );
}

/** Opcodes, with the names of Python's pickletools. */
export const OP = {
  mark: 0x28,
  pop: 0x30,
  dup: 0x32,
  none: 0x4e,
  tuple: 0x74,
  emptyTuple: 0x29,
  emptyList: 0x5d,
  emptyDict: 0x7d,
  appends: 0x65,
  append: 0x61,
  setItem: 0x73,
  setItems: 0x75,
  build: 0x62,
  reduce: 0x52,
  newObject: 0x81,
  stop: 0x2e,
  persistent: 0x51,
} as const;

/** BINUNICODE. */
export function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  const head = Buffer.alloc(5, 0x58);
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** BININT. */
export function integer(value: number): Uint8Array {
  const bytes = Buffer.alloc(5, 0x4a);
  bytes.writeInt32LE(value, 1);
  return bytes;
}

/** BINPUT and BINGET. */
export const put = (place: number) => [0x71, place];
export const get = (place: number) => [0x68, place];

/** GLOBAL. */
export function global(module: string, name: string): string {
  return `c${module}\n${name}\n`;
}

/** A tensor: its view of a storage of `length` floats. */
export function tensor(
  shape: readonly number[],
  strides: readonly number[],
  { key = '0', length = 4, type = 'FloatStorage' }: { key?: string; length?: number; type?: string } = {},
): Uint8Array {
  const numbers = (values: readonly number[]) => pickle(OP.mark, ...values.map(integer), OP.tuple);
  const id = pickle(OP.mark, text('storage'), global('torch', type), text(key), text('cpu'), integer(length), OP.tuple);
  const args = pickle(
    OP.mark,
    id,
    OP.persistent,
    integer(0),
    numbers(shape),
    numbers(strides),
    0x89,
    OP.none,
    OP.tuple,
  );
  return pickle(global('torch._utils', '_rebuild_tensor_v2'), args, OP.reduce);
}

/** A dictionary. */
export function dictionary(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const items = Object.entries(entries).map(([name, value]) => pickle(text(name), value));
  return pickle(OP.emptyDict, OP.mark, ...items, OP.setItems);
}

/** A file as torch.save writes it, around a pickled value; storage "0" holds 1, 2, 3, 4. */
export function checkpoint(value: Uint8Array, storages: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  const own = { 0: new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer), ...storages };
  const data = Object.fromEntries(Object.entries(own).map(([key, bytes]) => [`archive/data/${key}`, bytes]));
  return zipSync({ 'archive/data.pkl': pickle([0x80, 2], value, OP.stop), ...data }, { level: 0 });
}
