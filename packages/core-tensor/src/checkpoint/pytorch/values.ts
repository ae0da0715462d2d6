/** The element types of PyTorch storages, by the name of their class; bytes per element. */
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

/** A piece of memory that tensors look at; its bytes lie elsewhere in the file. */
export class Storage {
  constructor(
    readonly type: StorageType,
    readonly key: string,
    /** Elements. */
    readonly length: number,
  ) {}
}

/** A tensor as it is pickled: a strided view of a storage. Sizes, strides and offset count elements. */
export class PickledTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** A class or function that is named in a pickle; nothing is ever called but what pickle.ts does itself. */
export class Global {
  constructor(readonly name: string) {}
}

/** An object of some class as it was pickled: its attributes, nothing of its class. */
export class Instance {
  readonly attributes = new Map<unknown, Pickled>();
}

/** Something that checkpoints carry beside tensors (arguments, numpy scalars); of no use here. */
export const INERT = Symbol('inert');

/** What can lie in a pickle that is read here. */
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
