import { Unreadable } from './reader.js';
import { Global, INERT, type Pickled, PickledTensor, STORAGES, Storage, type StorageType } from './values.js';

/** What a function that checkpoints call makes of its arguments. */
type Rebuild = (args: readonly Pickled[]) => Pickled;

const inert: Rebuild = () => INERT;
const dictionary: Rebuild = ([entries]) =>
  new Map(Array.isArray(entries) ? (entries as [unknown, Pickled][]).map(([key, value]) => [key, value]) : []);

/**
 * The functions and classes a checkpoint may call, and what is done in their place. None is Python's own: each is
 * rewritten here, and anything else that a pickle names is refused.
 */
const CALLABLE: Readonly<Record<string, Rebuild>> = {
  'collections.OrderedDict': dictionary,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor]) => tensor ?? null,
  'torch.Size': ([sizes]) => sizes ?? [],
  'torch.device': inert,
  'builtins.set': ([items]) => items ?? [],
  '__builtin__.set': ([items]) => items ?? [],
  'collections.defaultdict': () => new Map(),
  'argparse.Namespace': inert,
  '_codecs.encode': inert,
  'numpy.dtype': inert,
  'numpy.core.multiarray.scalar': inert,
  'numpy._core.multiarray.scalar': inert,
};

const DTYPES = ['float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'];

/** Names that stand for themselves. */
const NAMES = new Set([
  ...Object.keys(CALLABLE),
  ...Object.keys(STORAGES).map((type) => `torch.${type}`),
  ...DTYPES.map((type) => `torch.${type}`),
]);

/** @throws Unreadable naming what is not on the list of allowed names */
export function global(module: string, name: string): Global {
  const full = `${module}.${name}`;
  if (NAMES.has(full)) return new Global(full);
  throw new Unreadable(
    `refused: it names ${full}, which no state_dict needs` +
      (/^torch\.nn\.|^__main__\.|^(model|net)/.test(full) ? ' (a whole module was pickled; save its state_dict)' : ''),
  );
}

/** What a call gives. @throws Unreadable when it is no function, or its arguments are not as it needs them */
export function call(callee: Pickled, args: Pickled): Pickled {
  const rebuild = callee instanceof Global ? CALLABLE[callee.name] : undefined;
  if (rebuild === undefined || !Array.isArray(args))
    throw new Unreadable('refused: it calls something that is no function');
  return rebuild(args);
}

/** The storage that a persistent id names: ('storage', class, key, device, length, …). */
export function storage(id: Pickled): Storage {
  if (!Array.isArray(id) || id[0] !== 'storage') throw new Unreadable('a persistent id that is no storage');
  const [, type, key, , length] = id;
  const name = type instanceof Global ? type.name.replace(/^torch\./, '') : '';
  if (!(name in STORAGES) || typeof key !== 'string' || !whole(length))
    throw new Unreadable('a storage that is not described as PyTorch does it');
  return new Storage(name as StorageType, key, length);
}

function rebuildTensor([from, offset, shape, strides]: readonly Pickled[]): Pickled {
  const sizes = (list: Pickled | undefined): list is number[] => Array.isArray(list) && list.every(whole);
  if (
    !(from instanceof Storage) ||
    !whole(offset) ||
    !sizes(shape) ||
    !sizes(strides) ||
    shape.length !== strides.length
  )
    throw new Unreadable('a tensor that is not described as PyTorch does it');
  return new PickledTensor(from, offset, shape, strides);
}

function whole(value: Pickled | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
