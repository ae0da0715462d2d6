import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { choicesText, UserError } from '@unweather/core-tensor';
import { sha256OfFile } from '../sha256.js';
import { installedPackages, packageNamed, type WeightsPackage } from './installed.js';
import type { PackagedWeights } from './manifest.js';

/** Weights that a package carries, with their paths. */
export interface CarriedWeights {
  readonly path: string;
  readonly card: string;
  readonly manifest: PackagedWeights;
}

/**
 * Finds weights of an installed package, by PACKAGE, or PACKAGE#NAME if it carries several. Does not verify their hash.
 * @param from folder from which the package is resolved, as Node does
 * @throws UserError if there is no such package or entry, naming the existing ones
 */
export async function carriedBy(name: string, from: string): Promise<CarriedWeights> {
  const [packageName = '', entry] = name.split('#', 2);
  const found = await packageNamed(packageName, from);
  if (found === undefined) throw new UserError(`${packageName}: ${await missing(from)}`);
  const names = found.weights.map((weights) => weights.name);
  if (entry === undefined && names.length > 1)
    throw new UserError(`${packageName}: carries ${choicesText(names)}; choose one, like ${packageName}#${names[0]}`);
  const manifest = found.weights.find((weights) => entry === undefined || weights.name === entry);
  if (manifest === undefined)
    throw new UserError(`${packageName}: carries no "${entry}"; choose one of ${choicesText(names)}`);
  return placed(found, manifest);
}

/** Builds the paths of a package's weights. */
export function placed({ folder }: WeightsPackage, manifest: PackagedWeights): CarriedWeights {
  return { path: join(folder, manifest.file), card: join(folder, manifest.card), manifest };
}

/** @throws UserError unless the file exists and its hash is the manifest's */
export async function verifyCarried({ path, manifest }: CarriedWeights, signal?: AbortSignal): Promise<void> {
  const actual = await sha256OfFile(path, signal);
  const { size } = await stat(path);
  if (size !== manifest.size)
    throw new UserError(`${path}: it has ${size} bytes, its package says ${manifest.size}; reinstall it`);
  if (actual !== manifest.sha256)
    throw new UserError(`${path}: its SHA-256 is ${actual}, its package says ${manifest.sha256}; reinstall it`);
}

async function missing(from: string): Promise<string> {
  const installed = (await installedPackages(from)).map((carrier) => carrier.name);
  const others = installed.length === 0 ? '' : ` (installed: ${choicesText(installed)})`;
  return `neither a file nor an installed package of weights${others}; check the name, or install the package`;
}
