import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOfWeights, type State, UserError } from '@unweather/core-tensor';
import { type InstalledPackage, installedPackage } from '@unweather/weights/find';
import type { ForeignPackage, InstalledModel } from './entry.js';

type Model = Pick<InstalledModel, 'home' | 'foreign'>;

/** Finds the foreign package that holds weights for a task; undefined if none is known. */
export function foreignPackageFor(
  { foreign }: Pick<InstalledModel, 'foreign'>,
  task: string,
): ForeignPackage | undefined {
  return foreign?.packages?.[task];
}

/** Finds a foreign package of a paper by its name on npm. */
export function foreignPackageNamed(
  { foreign }: Pick<InstalledModel, 'foreign'>,
  name: string,
): ForeignPackage | undefined {
  return Object.values(foreign?.packages ?? {}).find((known) => known.name === name);
}

/** True if a foreign package is installed, in any version, where Node finds it. */
export async function isInstalled(model: Model, known: ForeignPackage): Promise<boolean> {
  return (await installed(model, known)) !== undefined;
}

/** An installed foreign package, with the path of its checkpoint. */
export interface LocatedPackage {
  readonly path: string;
  /** "@someone/weights 1.2.3, MIT". */
  readonly shown: string;
  /** Licence that the package states. */
  readonly licence: string | undefined;
}

/**
 * Locates a foreign package from the working directory and from the paper's own folder.
 * @throws UserError with the command that installs it, if it is missing or of another version
 */
export async function locatePackage(model: Model, known: ForeignPackage): Promise<LocatedPackage> {
  const { name, file, version } = known;
  const found = await installed(model, known);
  if (found === undefined) throw new UserError(`${name}: it is not installed; ${remedyOf(known)}`);
  const path = join(found.folder, file);
  if (found.version !== version)
    throw new UserError(
      `${name}: version ${found.version} is installed, whose weights are not known; ${remedyOf(known, path)}`,
    );
  return { path, shown: `${name} ${version}, ${found.licence ?? 'no licence stated'}`, licence: found.licence };
}

/** Says how to get the weights of a foreign package. @param file another file of weights that the user could name */
function remedyOf(known: ForeignPackage, file = 'FILE'): string {
  return `run "${installCommand(known)}", or name a file of weights with --weights ${file}`;
}

/** Command that installs a foreign package. */
export function installCommand({ name, version }: ForeignPackage): string {
  return `npm i ${name}@${version}`;
}

/** SHA-256 of tensors in the order of their names, whatever the order in which a network lists them. */
export function hashByName(weights: State): string {
  const names = [...weights.keys()].sort();
  return hashOfWeights(new Map(names.map((name) => [name, weights.get(name)!])));
}

/** @throws UserError unless the tensors are those of the package's known version */
export function verifyTensors(known: ForeignPackage, path: string, weights: State): void {
  const actual = hashByName(weights);
  if (actual === known.sha256) return;
  throw new UserError(
    `${path}: the SHA-256 of its tensors is ${actual}, expected ${known.sha256}; install it again: ` +
      `"${installCommand(known)}"`,
  );
}

function installed({ home }: Model, { name }: ForeignPackage): Promise<InstalledPackage | undefined> {
  return installedPackage(name, [process.cwd(), fileURLToPath(home)]);
}
