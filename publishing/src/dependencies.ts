import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { importedPackages } from './imports.js';
import type { Layers } from './layers.js';
import { type Manifest, ROOT, readManifest } from './workspace.js';

/** Workspace with its manifest and the packages that each source file imports. */
export interface Workspace {
  /** Name of its folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Imported packages, by the file's path below `src`. */
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads every workspace that the root's package.json names. */
export async function readWorkspaces(): Promise<Workspace[]> {
  const { workspaces = [] } = await readManifest(join(ROOT, 'package.json'));
  const folders = await Promise.all(
    workspaces.map(async (pattern) => {
      if (!pattern.endsWith('/*')) return [join(ROOT, pattern)];
      const parent = join(ROOT, pattern.slice(0, -2));
      return (await readdir(parent)).map((name) => join(parent, name));
    }),
  );
  return Promise.all(folders.flat().sort().map(readWorkspace));
}

async function readWorkspace(folder: string): Promise<Workspace> {
  const manifest = await readManifest(join(folder, 'package.json'));
  const below = (await readdir(join(folder, 'src'), { recursive: true })).filter((file) => file.endsWith('.ts'));
  // Programs for users to copy are beside `src`.
  const programs = (await readdir(folder)).filter((file) => file.endsWith('.mjs')).map((file) => `../${file}`);
  const sources = [...below, ...programs].sort();
  const read = async (file: string) => importedPackages(await readFile(join(folder, 'src', file), 'utf8'));
  const imports = new Map(await Promise.all(sources.map(async (file) => [file, await read(file)] as const)));
  return { folder: basename(folder), manifest, imports };
}

/**
 * Finds differences between a workspace's imports and its package.json: an import that is not declared, or declared
 * only for development though the file is published; a dependency that nothing imports.
 * @param root packages that the root's package.json provides for tests
 * @param excepted dependencies that need no import, and imports that need no dependency
 */
export function manifestProblems(
  { manifest, imports }: Workspace,
  root: readonly string[],
  excepted: readonly string[] = [],
): string[] {
  const { name, dependencies, optionalDependencies, peerDependencies, devDependencies } = manifest;
  const names = (...of: (Readonly<Record<string, string>> | undefined)[]) =>
    of.flatMap((one) => Object.keys(one ?? {}));
  const brought = [name, ...excepted, ...names(dependencies, optionalDependencies, peerDependencies)];
  const forTests = [...brought, ...names(devDependencies), ...root];
  const undeclared = [...imports].flatMap(([file, imported]) => {
    const declared = isPublished(manifest, file) ? brought : forTests;
    return [...imported].filter((one) => !declared.includes(one)).map((one) => `${name}: src/${file} imports ${one}`);
  });
  const all = new Set([...imports.values()].flatMap((imported) => [...imported]));
  const unused = names(dependencies, optionalDependencies, devDependencies)
    .filter((one) => !all.has(one.replace(/^@types\//, '')) && !excepted.includes(one))
    .map((one) => `${name}: nothing imports ${one}`);
  return [...undeclared, ...unused];
}

/** Finds imports that do not point down the layers, and imports of `testing` outside of tests. */
export function layerProblems(workspaces: readonly Workspace[], layers: Layers): string[] {
  const folders = new Map(workspaces.map(({ folder, manifest }) => [manifest.name, folder]));
  return workspaces.flatMap(({ folder, manifest, imports }) => {
    const own = layers.get(folder);
    if (own === undefined) return [`${folder} stands in no layer`];
    return [...imports].flatMap(([file, imported]) =>
      [...imported].flatMap((name) => {
        const other = folders.get(name);
        if (other === undefined || other === folder) return [];
        const down = layers.has(other) && layers.get(other)! > own;
        const known = other !== 'testing' || !isPublished(manifest, file);
        return down && known ? [] : [`${folder} must not import ${other}: src/${file}`];
      }),
    );
  });
}

/** True if users get a source file: its package is published, and `files` does not exclude the file. */
function isPublished({ private: own = false, files = [] }: Manifest, file: string): boolean {
  const left = files.flatMap((pattern) => /^!\*\*\/(.+)$/.exec(pattern)?.[1] ?? []);
  const patterns = left.map((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
  return !own && !patterns.some((pattern) => pattern.test(basename(file)));
}
