import { join } from 'node:path';
import { type Exports, type Package, ROOT } from './workspace.js';

/** Line of a package's `exports`, under one condition. */
export interface Entry {
  /** Name such as "@unweather/durn/browser"; with the condition, if there is one: "@unweather/durn (browser)". */
  readonly name: string;
  /** Target: "./dist/index.js", "./weights/*". */
  readonly file: string;
  /** Its declarations, as an absolute path; undefined for files that are not modules. */
  readonly types?: string;
}

/** Entry points of a package, in the order of its `exports`; under each path, Node's before those of conditions. */
export function entriesOf({ folder, manifest }: Package, root = ROOT): Entry[] {
  const within = (name: string, target: string | Exports): Entry[] => {
    if (typeof target === 'string') return [{ name, file: target }];
    const { types, default: file, ...conditions } = target;
    const own = typeof file === 'string' && typeof types === 'string';
    return [
      ...(own ? [{ name, file, types: join(root, 'packages', folder, types) }] : []),
      ...Object.entries(conditions).flatMap(([condition, inner]) => within(`${name} (${condition})`, inner)),
    ];
  };
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) =>
    within(`${manifest.name}${path.slice(1)}`, target),
  );
}
