/** Bytes per element of PyTorch storages, by class name. */
export const STORAGES = {
  FloatStorage: 4,
  DoubleStorage: 8,
  HalfStorage: 2,
  BFloat16Storage: 2,
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
} as const;

export type StorageType = keyof typeof STORAGES;

/** A block of memory that tensors view; its bytes lie elsewhere in the file. */
export class Storage {
  constructor(
    readonly type: StorageType,
    readonly key: string,
    /** Number of elements. */
    readonly length: number,
  ) {}
}

/** A pickled tensor: a strided view of a storage. Sizes, strides and offset count elements. */
export class PickledTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** A class or function named in a pickle; it is never called itself. */
export class Global {
  constructor(readonly name: string) {}
}

/** A pickled object of some class: its attributes, nothing of its class. */
export class Instance {
  readonly attributes = new Map<unknown, Pickled>();
}

/** Placeholder for values that checkpoints hold beside tensors (arguments, numpy scalars) and that are unused here. */
export const INERT = Symbol('inert');

/** Value that a pickle may hold. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | typeof INERT
  | Global
  | Instance
  | Storage
  | PickledTensor
  | Pickled[]
  | Map<unknown, Pickled>;
