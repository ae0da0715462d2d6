import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeText, messageOf, readWhole, UserError } from '@unweather/core-tensor';
import { z } from 'zod';
import { DEGRADATIONS, type DegradationName } from './degrade/degradations.js';
import type { PairSource } from './pair.js';
import { folderEntries } from './pairs/folder.js';
import type { Entry } from './prepare/pairing.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

const RelativePath = z
  .string()
  .min(1, 'a path is empty')
  .refine((path) => !/^([/\\]|[A-Za-z]:)/.test(path), 'a path is absolute; paths are relative to the root')
  .refine((path) => !path.split(/[/\\]/).includes('..'), 'a path leaves the root by ".."')
  // Windows writes backslashes and reads both.
  .transform((path) => path.replaceAll('\\', '/'));

/** One entry of a meta file: the clean picture first, the degraded one second. */
const MetaEntry = z.tuple([RelativePath, RelativePath]);

/**
 * A meta file: `[["gt path", "input path"], …]`, with slashes or backslashes. A path may name a part of a file (`#left`, `#right`, an HDF5 dataset).
 * An input path that ends in `#rain-heavy` is that file with synthesised rain, always the same; with `#rain-drawn`,
 * each visit gets new rain at a random level. The same works for `dense-rain`, `screened-rain`, `added-rain`, `haze`,
 * `room-haze`, `snow`, `flaked-snow`, `raindrops`, `motion-blur`, `camera-noise`, and `noise` (30, 50, 70), the
 * Gaussian noise of DuRN's test script.
 */
export const MetaFile = z.array(MetaEntry).min(1, 'the list is empty');

/** Pairs of a meta file, or of a folder that stands for one. */
export interface MetaList {
  /** In the file's order, named "entry 0", "entry 1", … */
  readonly pairs: readonly PairSource[];
  /** Folder that the paths are relative to. */
  readonly root: string;
  /** SHA-256 of the file, or of the one that `pairs` would write for the folder. */
  readonly sha256: string;
}

/**
 * Reads a meta file, or a folder of two folders, such as `truth` and `input` (also `gt`, `clean`; `rain`, `hazy` …),
 * whose files are paired by their names.
 * @param root folder the paths are relative to; default: the meta file's own. The paths of a folder are relative to it.
 * @throws UserError naming the file and the first entry that is wrong, or the folder and what cannot be paired
 */
export async function readMetaList(path: string, root?: string): Promise<MetaList> {
  const folder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  const bytes = folder
    ? Buffer.from(metaText(await folderEntries(path)))
    : await readWhole(path, 'check the path of the meta file');
  const below = folder ? path : (root ?? dirname(path));
  return {
    pairs: parseMeta(path, decodeText(bytes), below),
    root: below,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/**
 * Reads the pairs of a meta file, or of a folder that stands for one, as {@link readMetaList} does.
 * @returns the pairs in the file's order, named "entry 0", "entry 1", …
 * @throws UserError as {@link readMetaList}
 */
export async function readMeta(path: string, root?: string): Promise<PairSource[]> {
  return [...(await readMetaList(path, root)).pairs];
}

/** Text of a meta file, one pair per line. */
export function metaText(entries: readonly Entry[]): string {
  return `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`;
}

function parseMeta(path: string, text: string, root: string): PairSource[] {
  const remedy = 'a meta file is a JSON list of pairs, [["gt path","input path"], …]';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw new UserError(`${path}: not JSON (${messageOf(thrown)}); ${remedy}`);
  }
  const parsed = MetaFile.safeParse(json);
  if (!parsed.success) {
    const { path: place, message } = parsed.error.issues[0]!;
    const where = typeof place[0] === 'number' ? `entry ${place[0]}: ` : '';
    throw new UserError(`${path}: ${where}${message}; ${remedy}`);
  }
  return parsed.data.map(([truth, input], index) => pairOf(`entry ${index}`, join(root, truth), join(root, input)));
}

/** Names of the weathers that an input path may end in. */
export const weatherNames = (): string[] => [...SYNTHESISED.keys()];

/** Degradations by the name that an input path may end in: one for a fixed level, one for a drawn level. */
const SYNTHESISED = new Map<string, readonly [fixed: DegradationName, drawn: DegradationName]>([
  ['noise', ['gaussian-noise-seeded', 'gaussian-noise']],
  ...(Object.keys(DEGRADATIONS) as DegradationName[])
    .filter((name) => !name.startsWith('gaussian-noise'))
    .map((name) => [name, [name, name]] as const),
]);
const SUFFIX = new RegExp(`^(.+)#(${[...SYNTHESISED.keys()].join('|')})-([a-z0-9]+)$`);

/**
 * Makes a pair from a truth and an input path.
 * @throws UserError for weather on a picture other than the truth, and for an unknown level
 */
export function pairOf(name: string, truth: string, input: string): PairSource {
  const [, clean, weather = '', level = ''] = SUFFIX.exec(input) ?? [];
  const [fixed, drawn] = SYNTHESISED.get(weather) ?? [];
  if (fixed === undefined || drawn === undefined) return { kind: 'files', name, truth, input };
  if (clean !== truth)
    throw new UserError(
      `${name}: ${weather} is added to the true picture of the pair; write "${truth}#${weather}-${level}"`,
    );
  if (level === 'drawn') return { kind: 'synthesised', name, truth, degradation: drawn, level, seed: 'visit' };
  const levels: readonly string[] = DEGRADATIONS[fixed].levels;
  if (!levels.includes(level))
    throw new UserError(`${name}: there is no ${weather}-${level}; choose one of ${[...levels, 'drawn'].join(', ')}`);
  return { kind: 'synthesised', name, truth, degradation: fixed, level, seed: 0 };
}

/** @throws UserError when a picture is smaller than the crop, naming the file and both sizes */
export function requireCrop(name: string, file: string, { width, height }: Size, crop: Size): void {
  if (width < crop.width || height < crop.height)
    throw new UserError(
      `pair "${name}": ${file} is ${width}×${height}, smaller than the crop of ${crop.width}×${crop.height}; ` +
        'leave it out of the meta file or choose a smaller crop',
    );
}
