import type { NumberType } from '../numbers.js';

/** Types of PyTorch's storages, by class name; untyped ones hold bytes, whose type their tensor states. */
export const STORAGES: ReadonlyMap<string, NumberType> = new Map([
  ['FloatStorage', 'F32'],
  ['DoubleStorage', 'F64'],
  ['HalfStorage', 'F16'],
  ['BFloat16Storage', 'BF16'],
  ['LongStorage', 'I64'],
  ['IntStorage', 'I32'],
  ['ShortStorage', 'I16'],
  ['CharStorage', 'I8'],
  ['ByteStorage', 'U8'],
  ['BoolStorage', 'BOOL'],
  ['UntypedStorage', 'U8'],
]);

/** Types of tensors that state theirs, by PyTorch's name. */
export const DTYPES: ReadonlyMap<string, NumberType> = new Map([
  ['torch.float32', 'F32'],
  ['torch.float64', 'F64'],
  ['torch.float16', 'F16'],
  ['torch.bfloat16', 'BF16'],
  ['torch.int64', 'I64'],
  ['torch.int32', 'I32'],
  ['torch.int16', 'I16'],
  ['torch.int8', 'I8'],
  ['torch.uint32', 'U32'],
  ['torch.uint16', 'U16'],
  ['torch.uint8', 'U8'],
  ['torch.bool', 'BOOL'],
]);

/** A block of memory that tensors view; its bytes lie elsewhere in the file. */
export class Storage {
  constructor(
    readonly type: NumberType,
    readonly key: string,
    /** Number of elements. */
    readonly length: number,
  ) {}
}

/** A pickled tensor: a strided view of a storage. Sizes, strides and offset count elements. */
export class PickledTensor {
  constructor(
    readonly storage: Storage,
    readonly type: NumberType,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** A class or function named in a pickle; it is never called itself. */
export class Global {
  constructor(readonly name: string) {}
}

/**
 * A pickled object of a class that is not rebuilt: a module, or what stands beside weights (arguments, paths, dates,
 * arrays of NumPy). What the pickle gives it is kept; nothing of its class is.
 */
export class Instance {
  /** Attributes, once it has any. */
  attributes: Map<unknown, Pickled> | undefined;
  /** Entries, if its class is a kind of dictionary. */
  entries: Map<unknown, Pickled> | undefined;

  /** @param made name of its class, or of the function that makes it */
  constructor(readonly made: string) {}
}

/** Value that a pickle may hold. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Global
  | Instance
  | Storage
  | PickledTensor
  | Pickled[]
  | Map<unknown, Pickled>;
