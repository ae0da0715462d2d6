import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exists } from '@unweather/core-tensor';
import { z } from 'zod';

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const Targets = z.record(z.string(), z.object({ command: z.string().optional() }));

const Manifest = z.object({
  workspaces: z.array(z.string()).default([]),
  scripts: z.record(z.string(), z.string()).default({}),
  bin: z.record(z.string(), z.string()).default({}),
  nx: z.object({ name: z.string(), targets: Targets.default({}) }).optional(),
});

/** Workspace in the view of nx and npm. */
export interface Project {
  readonly name: string;
  /** Path below the repository's folder. */
  readonly folder: string;
  /** Targets by name, with the command line; undefined for npm scripts. */
  readonly targets: ReadonlyMap<string, string | undefined>;
  /** Programs of its package.json, with their files below the repository's folder. */
  readonly programs: ReadonlyMap<string, string>;
}

/** Reads every workspace of the repository. */
export async function projects(): Promise<Project[]> {
  const { workspaces } = await manifestOf('');
  const folders = (await Promise.all(workspaces.map(expanded))).flat();
  return Promise.all(folders.map(projectIn));
}

/** Names of the scripts of the root's package.json. */
export async function rootScripts(): Promise<readonly string[]> {
  return Object.keys((await manifestOf('')).scripts);
}

/** True if a path below the repository's folder exists. */
export function existsInside(path: string): Promise<boolean> {
  return exists(join(ROOT, path));
}

async function manifestOf(folder: string) {
  return Manifest.parse(JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')));
}

/** Expands "packages/*" to its folders. */
async function expanded(workspace: string): Promise<string[]> {
  if (!workspace.endsWith('/*')) return [workspace];
  const parent = workspace.slice(0, -2);
  const entries = await readdir(join(ROOT, parent), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${parent}/${name}`);
  const there = await Promise.all(folders.map((folder) => existsInside(`${folder}/package.json`)));
  return folders.filter((_, i) => there[i]).sort();
}

/** Defaults of targets by name, from nx.json. */
async function targetDefaults() {
  const nx = z.object({ targetDefaults: Targets });
  return nx.parse(JSON.parse(await readFile(join(ROOT, 'nx.json'), 'utf8'))).targetDefaults;
}

async function projectIn(folder: string): Promise<Project> {
  const { nx, scripts, bin } = await manifestOf(folder);
  if (nx === undefined) throw new Error(`${folder}/package.json: gives nx no name`);
  const defaults = await targetDefaults();
  const usual = (name: string) => defaults[name]?.command?.replace('{projectRoot}', folder);
  return {
    name: nx.name,
    folder,
    targets: new Map([
      ...Object.keys(scripts).map((name) => [name, undefined] as const),
      ...Object.entries(nx.targets).map(([name, { command = usual(name) }]) => [name, command] as const),
    ]),
    // A package has one program; its file in bin only loads this one.
    programs: new Map(Object.keys(bin).map((name) => [name, join(folder, 'dist/cli.js')])),
  };
}
