import { createHash } from 'node:crypto';
import { dirname, relative } from 'node:path';
import { readWhole } from '@unweather/core-tensor';
import {
  type DegradationName,
  type EmbeddedSplit,
  embeddedPairs,
  type PairSource,
  readMeta,
  verifyPairs,
} from '@unweather/datasets';

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

/**
 * Reads the pairs of a meta file and validates all of them up front.
 * @param root folder that the paths are relative to; default: the meta file's own
 * @param crop minimum size of the pictures
 * @throws UserError naming the file and the first entry that cannot be used
 */
export async function metaData(
  path: string,
  root: string | undefined,
  crop?: { readonly width: number; readonly height: number },
): Promise<Data> {
  const pairs = await readMeta(path, root);
  await verifyPairs(pairs, crop);
  const identity = createHash('sha256')
    .update(await readWhole(path, 'check the path'))
    .digest('hex');
  const label = labelled(root ?? dirname(path));
  return { pairs, dataset: path, split: '', identity, note: `${pairs.length} pairs of ${path}.`, label };
}

/** Labels pairs of a meta file by their input's path below the root. */
function labelled(root: string): (source: PairSource) => string {
  return (source) =>
    source.kind === 'files' ? relative(root, source.input) : `${relative(root, source.truth)}#${source.level}`;
}
