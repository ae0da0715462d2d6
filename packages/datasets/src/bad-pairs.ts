import { messageOf, UserError } from '@unweather/core-tensor';
import { DecodedFiles } from './decoded-files.js';
import { requireCrop } from './meta.js';
import { differentSizes, type PairSource } from './pair.js';
import { fileOf, openPicture, sizeOf } from './picture-file.js';
import { inLanes } from './prepare/lanes.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A pair that cannot be used. */
export interface BadPair {
  readonly pair: PairSource;
  /** What is wrong, naming the pair and the file. */
  readonly why: string;
}

/** Options for checking pairs. */
export interface CheckPairsOptions {
  /** Smallest size of the pictures; default: any. */
  readonly crop?: Size | undefined;
  /** Files that need not be decoded again; default: none. */
  readonly decoded?: DecodedFiles;
  /** Called after each checked pair. */
  readonly done?: (count: number) => void;
}

/**
 * Checks pairs: decodes every picture whole, several at a time and each file once, and compares sizes.
 * @returns the pairs that cannot be used, in their order
 */
export async function badPairsOf(
  pairs: readonly PairSource[],
  { crop = { width: 1, height: 1 }, decoded, done }: CheckPairsOptions = {},
): Promise<BadPair[]> {
  const files = decoded ?? (await DecodedFiles.open());
  const sizes = new Map<string, Promise<Size>>();
  const sizeOfDecoded = (name: string) => {
    const known = sizes.get(name) ?? decodedSize(name, files);
    sizes.set(name, known);
    return known;
  };
  const reasons = await inLanes(pairs, (pair) => reasonAgainst(pair, crop, sizeOfDecoded), done ? { done } : {});
  await files.save();
  return pairs.flatMap((pair, i) => (reasons[i] === undefined ? [] : [{ pair, why: reasons[i] }]));
}

/**
 * Requires that all pairs can be used; see {@link badPairsOf}.
 * @param crop smallest size allowed
 * @throws UserError for the first pair whose files cannot be decoded, differ in size, or are smaller than the crop; it
 * names the other such pairs, too
 */
export async function verifyPairs(
  pairs: readonly PairSource[],
  crop?: Size,
  options: Omit<CheckPairsOptions, 'crop'> = {},
): Promise<void> {
  const [first, ...others] = await badPairsOf(pairs, { ...options, crop });
  if (first === undefined) return;
  throw new UserError(
    others.length === 0 ? first.why : `${first.why}; nor can ${namesOf(others)} be used, of ${pairs.length} pairs`,
  );
}

/** Names of pairs, ten at most: "3 pairs (entry 1, entry 2, entry 7)". */
export function namesOf(bad: readonly BadPair[]): string {
  const MOST = 10;
  const names = bad.slice(0, MOST).map(({ pair }) => pair.name);
  return `${bad.length} ${bad.length === 1 ? 'pair' : 'pairs'} (${names.join(', ')}${bad.length > MOST ? ', …' : ''})`;
}

async function decodedSize(name: string, files: DecodedFiles): Promise<Size> {
  const file = fileOf(name);
  const part = /\.h5$/i.test(file) ? name.slice(file.length + 1) : '';
  await files.once(file, part, () => openPicture(name));
  return sizeOf(name);
}

async function reasonAgainst(
  pair: PairSource,
  crop: Size,
  sizeOfDecoded: (name: string) => Promise<Size>,
): Promise<string | undefined> {
  try {
    const size = (name: string) =>
      sizeOfDecoded(name).catch((thrown: unknown) => {
        throw thrown instanceof UserError ? new UserError(`pair "${pair.name}": ${messageOf(thrown)}`) : thrown;
      });
    const truth = await size(pair.truth);
    if (pair.kind === 'files') {
      const input = await size(pair.input);
      if (truth.width !== input.width || truth.height !== input.height) throw differentSizes(pair, truth, input);
    }
    requireCrop(pair.name, pair.truth, truth, crop);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof UserError) return messageOf(thrown);
    throw thrown;
  }
}
