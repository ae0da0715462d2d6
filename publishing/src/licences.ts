import { dirname } from 'node:path/posix';

/** A package of a lock file. */
export interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Packages of a lock file by their path in the repository. */
export type LockedPackages = Readonly<Record<string, Locked>>;

/**
 * Finds everything that an install of some packages may bring: their dependencies, optional and peer ones too, for every
 * platform, and the dependencies of those.
 * @param roots paths of the packages: `packages/durn`
 * @returns the third-party packages by their path in the lock file
 */
export function broughtBy(packages: LockedPackages, roots: readonly string[]): Map<string, Locked> {
  const found = new Map<string, Locked>();
  const open = [...roots];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const one = packages[path]!;
    if (found.has(path)) continue;
    found.set(path, one);
    const { dependencies, optionalDependencies, peerDependencies } = one;
    for (const name of [dependencies, optionalDependencies, peerDependencies].flatMap((of) => Object.keys(of ?? {}))) {
      const place = placeOf(packages, path, name);
      if (place !== undefined) open.push(place);
    }
  }
  return new Map([...found].filter(([path]) => path.includes('node_modules/')));
}

/** Resolves a name as Node does: from the package's folder upwards. Undefined for optional peers that are not locked. */
function placeOf(packages: LockedPackages, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = folder === '.' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const one = packages[place];
    if (one !== undefined) return one.link ? one.resolved : place;
    if (folder === '.') return undefined;
  }
}

/**
 * Splits a licence, an SPDX expression, into what must be allowed: all parts of an AND, one part of an OR.
 * @returns true if the expression is allowed
 */
export function allows(allowed: ReadonlySet<string>, expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  if (allowed.has(plain)) return true;
  if (/[()]/.test(plain)) return false;
  if (plain.includes(' OR ')) return plain.split(' OR ').some((part) => allows(allowed, part));
  return plain.includes(' AND ') && plain.split(' AND ').every((part) => allows(allowed, part));
}
