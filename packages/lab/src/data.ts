import { join, relative } from 'node:path';
import { UserError } from '@unweather/core-tensor';
import {
  badPairsOf,
  DecodedFiles,
  type DegradationName,
  type EmbeddedSplit,
  embeddedPairs,
  namesOf,
  type PairSource,
  readMetaList,
  verifyPairs,
} from '@unweather/datasets';
import { cacheFolder } from '@unweather/weights';
import type { SkippedPairs } from './bad-pairs.js';

/** Pairs with the names under which results on them are shown. */
export interface Data {
  readonly pairs: readonly PairSource[];
  readonly dataset: string;
  readonly split: string;
  /** Identifies the list of pairs: a resumed run must have the same one. */
  readonly identity: string;
  /** Remark for readers of results on these pairs. */
  readonly note: string;
  /** True if results on these pairs can be compared with a paper's. */
  readonly benchmark?: boolean;
  /** Number of pairs stated in the registry. */
  readonly expected?: number | null;
  /** Label of a pair in tables; default: its name. */
  label?(source: PairSource): string;
}

/** The photographs that travel with the datasets package. */
export async function embeddedData(
  split: EmbeddedSplit,
  degradation: DegradationName,
  options: { readonly everyLevel?: boolean } = {},
): Promise<Data> {
  const note =
    `Embedded set: photographs that travel with the repository, with synthesised ${degradation.replace(/-/g, ' ')}. No ` +
    'paper’s benchmark; the numbers say that the program works, not how a paper compares.';
  const pairs = await embeddedPairs(split, degradation, options);
  return { pairs, dataset: 'embedded', split, identity: `embedded/${split}/${degradation}`, note };
}

/** Options for reading the pairs of a meta file. */
export interface MetaDataOptions {
  /** Minimum size of the pictures. */
  readonly crop?: { readonly width: number; readonly height: number } | undefined;
  /** Where pairs that cannot be used are noted; without, the first one is an error. */
  readonly skipped?: SkippedPairs | undefined;
  /** True if such pairs stay in the list, so that a resumed training draws the same pairs; its loader replaces them. */
  readonly keep?: boolean;
  /** Receives a sentence before a long check, and about the pairs that are skipped. */
  readonly say?: (text: string) => void;
}

/**
 * Reads the pairs of a meta file, or of a folder that stands for one, and decodes the pictures of all of them up front,
 * several at a time. Large sets are remembered in the cache folder, and files that have not changed since are not
 * decoded again.
 * @param root folder that the paths are relative to; default: the meta file's own
 * @throws UserError naming the file and the entries that cannot be used, unless they are skipped
 */
export async function metaData(
  path: string,
  root: string | undefined,
  { crop, skipped, keep = false, say }: MetaDataOptions = {},
): Promise<Data> {
  const { pairs: all, root: below, sha256: identity } = await readMetaList(path, root);
  if (all.length > LONG) say?.(`checking that the ${all.length} pairs of ${path} can be read`);
  decodedFiles ??= DecodedFiles.open(cacheFile());
  const check = { decoded: await decodedFiles };
  let pairs: readonly PairSource[] = all;
  if (skipped === undefined) await verifyPairs(all, crop, check);
  else {
    const bad = await badPairsOf(all, { crop, ...check });
    if (bad.length === all.length) throw new UserError(`${path}: none of its pairs can be used; ${bad[0]!.why}`);
    if (bad.length > 0) say?.(`${path}: ${namesOf(bad)} cannot be used and are skipped; ${bad[0]!.why}`);
    skipped.note(bad.map(({ pair }) => pair));
    const unusable = new Set(bad.map(({ pair }) => pair));
    if (!keep) pairs = all.filter((pair) => !unusable.has(pair));
  }
  const label = labelled(below);
  return { pairs, dataset: path, split: '', identity, note: `${pairs.length} pairs of ${path}.`, label };
}

/** Number of pairs whose check takes long enough to be announced. */
const LONG = 1000;

/** Files that were decoded in this process and, of large sets, before. */
let decodedFiles: Promise<DecodedFiles> | undefined;

/** The list of decoded files in the cache; without a cache folder that may be used, none is kept. */
function cacheFile(): string | undefined {
  try {
    return join(cacheFolder(), 'decoded-pictures.json');
  } catch (thrown) {
    if (thrown instanceof UserError) return undefined;
    throw thrown;
  }
}

/** Labels pairs of a meta file by their input's path below the root. */
function labelled(root: string): (source: PairSource) => string {
  return (source) =>
    source.kind === 'files' ? relative(root, source.input) : `${relative(root, source.truth)}#${source.level}`;
}
