import { listed, quoted } from '../support/shown.js';
import { Unreadable } from './reader.js';

/** Names that wrappers put before all others: several GPUs, `torch.compile`. */
const WRAPPER = /^(module\.|_orig_mod\.)/;

/** Most parts of a common prefix that are tried; names of strangers may have thousands. */
const MOST_PARTS = 16;

/** Returns a function that drops the wrappers' prefixes, as far as all of the names begin with them. */
export function withoutWrappers(
  names: Iterable<string>,
): <Value>(named: ReadonlyMap<string, Value>) => Map<string, Value> {
  const all = [...names];
  const first = all[0] ?? '';
  let length = 0;
  for (let part = 0; part < MOST_PARTS; part++) {
    const wrapper = WRAPPER.exec(first.slice(length))?.[0];
    if (wrapper === undefined || !all.every((name) => name.startsWith(wrapper, length))) break;
    length += wrapper.length;
  }
  const dropped = first.slice(0, length);
  return (named) => new Map([...named].map(([name, value]) => [withoutPrefix(name, dropped), value]));
}

/**
 * Finds the prefix that all names of a file share and whose loss makes them fit best; '' if they fit as they are.
 * @param wanted names of a network's parameters
 */
export function prefixToDrop(names: readonly string[], wanted: readonly string[]): string {
  const there = new Set(names);
  const fitting = (prefix: string) => wanted.reduce((sum, name) => sum + (there.has(`${prefix}${name}`) ? 1 : 0), 0);
  const candidates = ['', ...sharedPrefixes(names)].map((prefix) => ({ prefix, count: fitting(prefix) }));
  return candidates.reduce((best, one) => (one.count > best.count ? one : best)).prefix;
}

/** Prefixes up to a dot that all names share, shortest first. */
function sharedPrefixes(names: readonly string[]): string[] {
  const [first = ''] = names;
  const found: string[] = [];
  for (let dot = first.indexOf('.'); dot >= 0 && found.length < MOST_PARTS; dot = first.indexOf('.', dot + 1)) {
    const prefix = first.slice(0, dot + 1);
    if (!names.every((name) => name.startsWith(prefix))) break;
    found.push(prefix);
  }
  return found;
}

/** Finds a prefix below which all wanted names are, beside other names; undefined if there is none. */
export function prefixBeside(names: readonly string[], wanted: readonly string[]): string | undefined {
  const [first] = wanted;
  if (first === undefined) return undefined;
  const there = new Set(names);
  return names
    .filter((name) => name.endsWith(`.${first}`))
    .slice(0, MOST_PARTS)
    .map((name) => name.slice(0, -first.length))
    .find((prefix) => wanted.every((name) => there.has(`${prefix}${name}`)));
}

/** A name without a prefix, if it has it. */
export function withoutPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/**
 * Selects the entries whose names begin with a key and a dot, and drops both from their names.
 * @throws Unreadable naming how the names begin, if none begins so
 */
export function below<Value>(named: ReadonlyMap<string, Value>, key: string): Map<string, Value> {
  const prefix = key.endsWith('.') ? key : `${key}.`;
  const found = [...named].filter(([name]) => name.startsWith(prefix));
  if (found.length > 0) return new Map(found.map(([name, value]) => [name.slice(prefix.length), value]));
  const starts = new Set([...named.keys()].map((name) => name.split('.', 1)[0]));
  throw new Unreadable(
    `it has no key ${quoted(key)}, and no tensor's name begins with ${quoted(prefix)}; the names begin with ${listed(starts)}`,
  );
}
