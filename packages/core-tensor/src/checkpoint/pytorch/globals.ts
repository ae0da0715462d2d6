import { Unreadable } from '../reader.js';
import { Global, INERT, Instance, type Pickled, PickledTensor, STORAGES, Storage, type StorageType } from './values.js';

/** Replacement of a function that checkpoints call. */
type Rebuild = (args: readonly Pickled[]) => Pickled;

const inert: Rebuild = () => INERT;
const dictionary: Rebuild = ([entries]) =>
  new Map(Array.isArray(entries) ? (entries as [unknown, Pickled][]).map(([key, value]) => [key, value]) : []);

/**
 * Functions and classes that a checkpoint may call, with their replacements. None is Python's own: each is rewritten
 * here, and a call of anything else is refused.
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

/**
 * Returns the result of a call.
 * @throws Unreadable when the function is not on the list, or its arguments do not fit
 */
export function call(callee: Pickled, args: Pickled): Pickled {
  if (!(callee instanceof Global) || !Array.isArray(args))
    throw new Unreadable('refused: it calls something that is not a function');
  const rebuild = CALLABLE[callee.name];
  if (rebuild === undefined) throw new Unreadable(`refused: it calls ${callee.name}, which no checkpoint needs`);
  return rebuild(args);
}

/** Creates an object: classes above by their replacement, any other (the modules of a network) as a bare object. */
export function create(type: Pickled, args: Pickled): Pickled {
  return type instanceof Global && !(type.name in CALLABLE) ? new Instance() : call(type, args);
}

/** Resolves a persistent id: ('storage', class, key, device, length, …), or ('module', class, …) in old files. */
export function persistent(id: Pickled): Storage | Global {
  if (Array.isArray(id) && id[0] === 'module' && id[1] instanceof Global) return id[1];
  if (!Array.isArray(id) || id[0] !== 'storage') throw new Unreadable('a persistent id that is not a storage');
  const [, type, key, , length] = id;
  const name = type instanceof Global ? type.name.replace(/^torch\./, '') : '';
  if (!(name in STORAGES) || typeof key !== 'string' || !whole(length))
    throw new Unreadable('a storage that is not described the way PyTorch does');
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
    throw new Unreadable('a tensor that is not described the way PyTorch does');
  return new PickledTensor(from, offset, shape, strides);
}

function whole(value: Pickled | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
