import { listed, quoted, shown } from '../../support/shown.js';
import type { Budget } from '../budget.js';
import { Unreadable } from '../reader.js';
import { Instance, type Pickled, PickledTensor } from './values.js';

/** Keys under which training scripts store the weights, beside epochs and optimisers. */
const PLACES = [
  'state_dict',
  'params_ema',
  'params',
  'model_state_dict',
  'model',
  'net',
  'network',
  'generator',
  'netG',
];

/** Remedy for callers that take no key. */
const ALONE = 'this file must hold the weights alone, so save one of these in a file of its own';

export type Tensors = Map<string, PickledTensor>;

/** Choice of what to take of a pickled value. */
export interface Wanted {
  /** Place of the weights, if unusual. */
  readonly key?: string | undefined;
  /** False if the caller takes no key, so that no error proposes one; default: true. */
  readonly takesKey?: boolean | undefined;
}

/** Tensors of a pickled value. */
export interface Found {
  readonly state: Tensors;
  /** Other tensors that modules hold as attributes. */
  readonly attributes: Tensors;
  /** First entry that is a tensor of a kind which is not read, and the function that makes it. */
  readonly unread?: readonly [name: string, made: string] | undefined;
  /** True if the key was found, so that no names are left to choose by it. */
  readonly keyed: boolean;
}

/**
 * Finds the weights in a pickled value: at its top, under one of the keys that are known, or under `key`, where a dot
 * leads further down.
 * @throws Unreadable naming the keys that hold tensors, if there are none where they are expected
 */
export function findWeights(root: Pickled, wanted: Wanted, budget: Budget): Found {
  const found = chosen(root, wanted, budget);
  if (found.unread !== undefined) {
    const [name, made] = found.unread;
    throw new Unreadable(`${quoted(name)} is made by ${shown(made)}, a kind of tensor that is not read`);
  }
  return found;
}

function chosen(root: Pickled, { key, takesKey = true }: Wanted, budget: Budget): Found {
  const keys = () => keysOf(root, takesKey, budget);
  const asked = key === undefined ? undefined : valueAt(root, key);
  if (asked !== undefined) {
    const found = tensorsOf(asked, budget);
    if (found.state.size > 0) return { ...found, keyed: true };
    throw new Unreadable(`${quoted(key)} contains no tensors; ${keys()}`);
  }
  const top = tensorsOf(root, budget);
  if (top.state.size > 0) return top;
  for (const place of PLACES) {
    const found = tensorsOf(dictionaryOf(root)?.get(place) ?? null, budget);
    if (found.state.size > 0) {
      if (key !== undefined && !begins(found.state, key))
        throw new Unreadable(`it has no key ${quoted(key)}; ${keys()}`);
      return found;
    }
  }
  const missing = key === undefined ? '' : `it has no key ${quoted(key)}, and `;
  if (!dictionaryOf(root) && root instanceof Instance)
    throw new Unreadable(`${missing}it contains a pickled object without parameters`);
  if (!dictionaryOf(root)) throw new Unreadable(`${missing}it contains no dictionary of tensors`);
  throw new Unreadable(`${missing}it contains no tensors where they are expected; ${keys()}`);
}

/** True if the name of a tensor begins with the key. */
function begins(state: Tensors, key: string): boolean {
  return [...state.keys()].some((name) => name.startsWith(key));
}

/** Says where the tensors of a pickled value are. */
function keysOf(root: Pickled, takesKey: boolean, budget: Budget): string {
  const places = placesWithin(root, '', 3, budget);
  const remedy = takesKey ? 'choose with --weights-key (in load, weightsKey)' : ALONE;
  if (places.length > 0) return `tensors are under ${listed(places)}: ${remedy}`;
  return `it has only ${listed(dictionaryOf(root)?.keys() ?? [])}`;
}

function placesWithin(value: Pickled, prefix: string, depth: number, budget: Budget): string[] {
  const found: string[] = [];
  for (const [name, inner] of dictionaryOf(value) ?? []) {
    budget.walk(1);
    if (typeof name !== 'string' || name.length > 200) continue;
    if (tensorsOf(inner, budget).state.size > 0) found.push(`${prefix}${name}`);
    else if (depth > 1) found.push(...placesWithin(inner, `${prefix}${name}.`, depth - 1, budget));
    if (found.length > 100) break;
  }
  return found;
}

function valueAt(root: Pickled, key: string): Pickled | undefined {
  const entries = dictionaryOf(root);
  if (entries === undefined || key.length > 1000) return undefined;
  const own = entries.get(key);
  if (own !== undefined) return own;
  for (let dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
    const inner = entries.get(key.slice(0, dot));
    const found = inner === undefined ? undefined : valueAt(inner, key.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Entries of a dictionary, or of an object whose class is a kind of one. */
function dictionaryOf(value: Pickled): Map<unknown, Pickled> | undefined {
  if (value instanceof Map) return value;
  return value instanceof Instance ? value.entries : undefined;
}

function tensorsOf(value: Pickled, budget: Budget): Found {
  const entries = dictionaryOf(value);
  if (value instanceof Instance && entries === undefined) return moduleTensors(value, budget);
  return { ...tensorsIn(entries, budget), attributes: new Map(), keyed: false };
}

function tensorsIn(entries: Pickled | undefined, budget: Budget): Pick<Found, 'state' | 'unread'> {
  const state: Tensors = new Map();
  let unread: Found['unread'];
  if (!(entries instanceof Map)) return { state };
  budget.walk(entries.size);
  for (const [name, value] of entries)
    if (typeof name !== 'string') continue;
    else if (value instanceof PickledTensor) state.set(name, value);
    else if (value instanceof Instance && /^torch\._utils\._rebuild_/.test(value.made)) unread ??= [name, value.made];
  return { state, unread };
}

/** Nesting of modules: more than that of any network. */
const DEEPEST = 64;
/** Memory of a name beside its characters. */
const ENTRY_BYTES = 64;

/** Collects the tensors of a module's `state_dict()`, in its order, and the other tensors of its modules. */
function moduleTensors(root: Instance, budget: Budget): Found {
  const state: Tensors = new Map();
  const others: Tensors = new Map();
  let strange: Found['unread'];
  const visit = ({ attributes }: Instance, prefix: string, depth: number) => {
    if (depth > DEEPEST)
      throw new Unreadable(`refused: its modules are nested deeper than ${DEEPEST}, or one contains itself`);
    if (attributes === undefined) return;
    const named = (name: string) => {
      budget.allocate(prefix.length + name.length + ENTRY_BYTES);
      return `${prefix}${name}`;
    };
    const passing = attributes.get('_non_persistent_buffers_set');
    const passes = new Set(Array.isArray(passing) ? passing : []);
    budget.walk(passes.size);
    for (const part of ['_parameters', '_buffers']) {
      const { state: own, unread } = tensorsIn(attributes.get(part), budget);
      if (unread) strange ??= [named(unread[0]), unread[1]];
      for (const [name, tensor] of own) if (!passes.has(name)) state.set(named(name), tensor);
    }
    for (const [name, tensor] of tensorsIn(attributes, budget).state) others.set(named(name), tensor);
    const modules = attributes.get('_modules');
    if (!(modules instanceof Map)) return;
    budget.walk(modules.size);
    for (const [name, module] of modules)
      if (module instanceof Instance && typeof name === 'string') visit(module, `${named(name)}.`, depth + 1);
  };
  visit(root, '', 1);
  return { state, attributes: others, unread: strange, keyed: false };
}
