import { shown } from '../../support/shown.js';
import type { Budget } from '../budget.js';
import { Unreadable } from '../reader.js';
import { runsCode } from './alarm.js';
import { DTYPES, Global, Instance, type Pickled, PickledTensor, STORAGES, Storage } from './values.js';

/** Replacement of a function that checkpoints call. */
type Rebuild = (args: readonly Pickled[], budget: Budget) => Pickled;

const items: Rebuild = ([all]) => all ?? [];
const ofClass: Rebuild = ([type]) => new Instance(type instanceof Global ? type.name : '');

/**
 * Functions and classes whose results weights are made of, with their replacements. None is Python's own: each is
 * rewritten here. What any other call would make becomes a record of its name, which nothing reads.
 */
const REBUILT: ReadonlyMap<string, Rebuild> = new Map([
  ['collections.OrderedDict', dictionary],
  ['collections.defaultdict', ([, entries], budget) => dictionary([entries ?? []], budget)],
  ['builtins.dict', dictionary],
  ['__builtin__.dict', dictionary],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  [
    'torch._utils._rebuild_tensor_v3',
    ([from, offset, shape, strides, , , type]) => view(from, type, offset, shape, strides),
  ],
  ['torch._utils._rebuild_parameter', ([tensor]) => tensor ?? null],
  ['torch._utils._rebuild_parameter_with_state', ([tensor]) => tensor ?? null],
  ['torch._tensor._rebuild_from_type_v2', rebuildOfType],
  ['torch.Size', items],
  ['builtins.set', items],
  ['__builtin__.set', items],
  ['copyreg._reconstructor', ofClass],
  ['copy_reg._reconstructor', ofClass],
  ['copyreg.__newobj__', ofClass],
]);

/**
 * Returns the result of a call, or the object that a class makes.
 * @throws Unreadable when the function is one that runs code, or its arguments do not fit
 */
export function call(callee: Pickled, args: Pickled, budget: Budget): Pickled {
  if (!(callee instanceof Global) || !Array.isArray(args))
    throw new Unreadable('refused: it calls something that is not a function');
  if (runsCode(callee.name)) throw new Unreadable(`refused: it calls ${shown(callee.name)}, which no checkpoint needs`);
  return REBUILT.get(callee.name)?.(args, budget) ?? new Instance(callee.name);
}

/** Resolves a persistent id: ('storage', class, key, device, length, …), or ('module', class, …) in old files. */
export function persistent(id: Pickled): Storage | Global {
  if (Array.isArray(id) && id[0] === 'module' && id[1] instanceof Global) return id[1];
  if (!Array.isArray(id) || id[0] !== 'storage') throw new Unreadable('a persistent id that is not a storage');
  const [, type, key, , length] = id;
  const name = type instanceof Global ? type.name.replace(/^torch\.(storage\.)?/, '') : '';
  const numbers = STORAGES.get(name);
  if (numbers === undefined || typeof key !== 'string' || !whole(length))
    throw new Unreadable('a storage that is not described the way PyTorch does');
  return new Storage(numbers, key, length);
}

function dictionary([entries]: readonly Pickled[], budget: Budget): Pickled {
  if (entries === undefined) return new Map();
  if (!(entries instanceof Map || Array.isArray(entries)))
    throw new Unreadable('a dictionary that is made of no entries');
  const all = entries instanceof Map ? [...entries] : entries;
  budget.walk(all.length);
  if (!all.every((entry): entry is [Pickled, Pickled] => Array.isArray(entry) && entry.length === 2))
    throw new Unreadable('a dictionary whose entries are not pairs');
  return new Map(all);
}

function rebuildTensor([from, offset, shape, strides]: readonly Pickled[]): Pickled {
  return view(from, undefined, offset, shape, strides);
}

/** Rebuilds a tensor of a class of its own: (function, class, its arguments, its attributes). */
function rebuildOfType([rebuild, , args]: readonly Pickled[], budget: Budget): Pickled {
  if (!(rebuild instanceof Global) || REBUILT.get(rebuild.name) === rebuildOfType)
    throw new Unreadable('a tensor that is not described the way PyTorch does');
  return call(rebuild, args ?? null, budget);
}

/** PyTorch's own limit. */
const MOST_AXES = 64;

function view(
  from: Pickled | undefined,
  stated: Pickled | undefined,
  offset: Pickled | undefined,
  shape: Pickled | undefined,
  strides: Pickled | undefined,
): PickledTensor {
  const sizes = (list: Pickled | undefined): list is number[] =>
    Array.isArray(list) && list.length <= MOST_AXES && list.every(whole);
  const type =
    stated === undefined ? from instanceof Storage && from.type : stated instanceof Global && DTYPES.get(stated.name);
  if (stated instanceof Global && !type)
    throw new Unreadable(`a tensor of ${shown(stated.name)}, a type that is not read`);
  if (
    !(from instanceof Storage) ||
    !type ||
    !whole(offset) ||
    !sizes(shape) ||
    !sizes(strides) ||
    shape.length !== strides.length
  )
    throw new Unreadable('a tensor that is not described the way PyTorch does');
  // Copies, since the pickle may still append to its lists.
  return new PickledTensor(from, type, offset, [...shape], [...strides]);
}

function whole(value: Pickled | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
