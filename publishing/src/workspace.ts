import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Folder of the public types of packages. */
export const TYPES = join(ROOT, 'publishing/types');

/** File of a package's public types. @param folder the package's folder in `packages` */
export function typesOf(folder: string): string {
  return join(TYPES, `${folder}.txt`);
}

/** Files by path, or by condition. */
export interface Exports {
  readonly [name: string]: string | Exports;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly author?: string;
  readonly homepage?: string;
  readonly bugs?: string;
  readonly keywords?: readonly string[];
  readonly repository?: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Exports;
  readonly bin?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly access?: string };
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly workspaces?: readonly string[];
}

export interface Package {
  /** Its folder in `packages`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Reads a manifest. @param file a package.json */
export async function readManifest(file: string): Promise<Manifest> {
  return JSON.parse(await readFile(file, 'utf8')) as Manifest;
}

/** Reads the packages to publish: every package of `packages` that is not private. */
export async function publishable(root = ROOT): Promise<Package[]> {
  const folders = (await readdir(join(root, 'packages'))).sort();
  const all = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      manifest: await readManifest(join(root, 'packages', folder, 'package.json')),
    })),
  );
  return all.filter(({ manifest }) => !manifest.private);
}

/**
 * Copies the repository's built workspaces, with a link to the repository's node_modules, because a release changes
 * manifests, commits and tags.
 */
export async function copyWorkspace(to: string): Promise<void> {
  const { workspaces = [] } = await readManifest(join(ROOT, 'package.json'));
  const files = (await readdir(ROOT, { withFileTypes: true })).filter(
    (entry) => entry.isFile() && entry.name !== '.git',
  );
  const folders = new Set(workspaces.map((pattern) => pattern.split('/')[0]!));
  await mkdir(to);
  for (const name of [...files.map((file) => file.name), ...folders])
    await cp(join(ROOT, name), join(to, name), {
      recursive: true,
      // Lets tsc see that nothing changed.
      preserveTimestamps: true,
      filter: (source) => basename(source) !== 'node_modules',
    });
  await symlink(join(ROOT, 'node_modules'), join(to, 'node_modules'), 'junction');
}
