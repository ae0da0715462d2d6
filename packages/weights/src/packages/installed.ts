import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { UserError } from '@unweather/core-tensor';
import { z } from 'zod';
import { Manifest } from './manifest.js';

/** An installed package of weights. */
export interface WeightsPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly weights: Manifest['weights'];
}

const PackageJson = z.looseObject({
  version: z.string().default('0.0.0'),
  license: z.string().optional().catch(undefined),
  unweather: z.unknown().optional(),
});

/** An installed npm package of any kind. */
export interface InstalledPackage {
  readonly version: string;
  /** Licence that its package.json states; undefined if it states none. */
  readonly licence: string | undefined;
  readonly folder: string;
}

/**
 * Finds any installed package by its name, as Node resolves it from the first of some folders that has it.
 * @returns undefined if none of that name is installed
 */
export async function installedPackage(name: string, from: readonly string[]): Promise<InstalledPackage | undefined> {
  for (const modules of from.flatMap(moduleFolders)) {
    const folder = join(modules, name);
    const json = await packageJsonOf(folder);
    if (json !== undefined) return { version: json.version, licence: json.license, folder };
  }
  return undefined;
}

/**
 * Finds an installed package by its name, as Node resolves it from a folder.
 * @returns undefined if none of that name is installed
 * @throws UserError if it carries no weights, or describes them incorrectly
 */
export async function packageNamed(name: string, from: string): Promise<WeightsPackage | undefined> {
  for (const modules of moduleFolders(from)) {
    const json = await packageJsonOf(join(modules, name));
    if (json === undefined) continue;
    const found = weightsOf(name, join(modules, name), json);
    if (found === undefined)
      throw new UserError(
        `${name}: the package carries no weights (no "unweather" in its package.json); choose one that does`,
      );
    return found;
  }
  return undefined;
}

/**
 * Reads the weights that a package carries, by its folder; none if it carries no weights.
 * @throws UserError if it describes them incorrectly
 */
export async function weightsIn(folder: string): Promise<Manifest['weights']> {
  const json = await packageJsonOf(folder);
  return (json && weightsOf(folder, folder, json)?.weights) ?? [];
}

/**
 * Lists every package of weights that Node finds from a folder, by name; of two with the same name, the nearer one.
 * @throws UserError if one describes its weights incorrectly
 */
export async function installedPackages(from: string): Promise<WeightsPackage[]> {
  const found = new Map<string, WeightsPackage>();
  for (const modules of moduleFolders(from))
    for (const name of await packageNames(modules)) {
      const json = found.has(name) ? undefined : await packageJsonOf(join(modules, name));
      const carried = json && weightsOf(name, join(modules, name), json);
      if (carried) found.set(name, carried);
    }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Lists the node_modules of a folder and of those above it, nearest first. */
function moduleFolders(from: string): string[] {
  return createRequire(join(resolve(from), 'any.js')).resolve.paths('any') ?? [];
}

async function packageNames(modules: string): Promise<string[]> {
  const list = (folder: string) => readdir(folder).catch(() => [] as string[]);
  const names = (await list(modules)).filter((name) => !name.startsWith('.'));
  const scoped = async (scope: string) => (await list(join(modules, scope))).map((name) => `${scope}/${name}`);
  return (await Promise.all(names.map((name) => (name.startsWith('@') ? scoped(name) : [name])))).flat();
}

async function packageJsonOf(folder: string): Promise<z.infer<typeof PackageJson> | undefined> {
  try {
    return PackageJson.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  } catch {
    // A folder without a readable package.json is not a package, as in Node.
    return undefined;
  }
}

function weightsOf(
  name: string,
  folder: string,
  { version, unweather }: z.infer<typeof PackageJson>,
): WeightsPackage | undefined {
  if (unweather === undefined) return undefined;
  const parsed = Manifest.safeParse(unweather);
  if (parsed.success) return { name, version, folder, weights: parsed.data.weights };
  const { path: place, message } = parsed.error.issues[0]!;
  throw new UserError(
    `${join(folder, 'package.json')}: ${['unweather', ...place].join('.')}: ${message}; tell the publisher of ${name}`,
  );
}
