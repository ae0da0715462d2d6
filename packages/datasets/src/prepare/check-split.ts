import { UserError } from '@unweather/core-tensor';
import type { RegisteredSplit } from '../registry.js';
import type { Reporter } from '../report.js';
import { checkPairs } from './check-pairs.js';
import { readList } from './list.js';
import type { Located } from './locate.js';
import type { PrepareOptions } from './options.js';
import { type Entry, type Problem, pairing } from './pairing.js';
import type { Prepared } from './sidecar.js';

/** Content of a split's sidecar and meta file. */
export interface CheckedSplit {
  readonly info: Omit<Prepared, 'format'>;
  readonly entries: readonly Entry[];
}

/**
 * Pairs the files of a split and reads all of them.
 * @throws UserError naming the first pairs that are wrong, and their count
 * @throws Interrupted once the signal is aborted
 */
export async function checkSplit(
  split: RegisteredSplit,
  { folder, input, truth, inputs, truths }: Located,
  { dataset, root, list, allowPartial }: PrepareOptions,
  reporter: Reporter,
  signal: AbortSignal | undefined,
): Promise<CheckedSplit> {
  const what = `${dataset} ${split.name}`;
  const below = (path: string) => (folder === '' ? path : `${folder}/${path}`);
  const names = list === undefined ? undefined : { path: list, names: await readList(list), line: split.list?.line };
  const paired = pairing(inputs, truths, { input, truth, ...(names && { list: names }) });
  const entries = paired.entries.map(([a, b]) => [below(a), below(b)] as const);
  const checked = await checkPairs(root, entries, {
    centre: split.centre ?? false,
    signal,
    progress: (done, total) => reporter.progress(what, done, total),
  });
  const leftOut = [...paired.problems.map(({ files, why }) => ({ files: files.map(below), why })), ...checked.problems];
  const pairs = checked.entries.length;
  requireWhole(what, root, { pairs, expected: split.pairs, leftOut, allowPartial });
  const strays = names === undefined ? straysOf([inputs, truths]).map(below) : [];
  const notes = [
    ...(split.note === undefined ? [] : [split.note]),
    ...(leftOut.length === 0 ? [] : [`pairs left out: ${leftOut.length}`]),
    ...(strays.length === 0 ? [] : [`files that fit no rule, left out: ${strays.length} (${some(strays)})`]),
    ...checked.notes,
  ];
  const info = { dataset, split: split.name, root, pairs, expected: split.pairs, notes, files: checked.files };
  return {
    info: { ...info, leftOut: leftOut.map(({ files, why }) => ({ files: [...files], why })) },
    entries: checked.entries,
  };
}

/** Lists pictures that are neither inputs nor truths. */
function straysOf([inputs, truths]: readonly [Located['inputs'], Located['truths']]): string[] {
  const known = new Set([...inputs.found, ...truths.found].map(({ path }) => path));
  return [...new Set([...inputs.others, ...truths.others])].filter((path) => !known.has(path)).sort();
}

const SHOWN = 5;
const some = (texts: readonly string[]) =>
  [...texts.slice(0, SHOWN), ...(texts.length > SHOWN ? [`and ${texts.length - SHOWN} more`] : [])].join(', ');

/** @throws UserError with the first problems and their count, if more pairs are missing than allowed */
function requireWhole(
  what: string,
  root: string,
  {
    pairs,
    expected,
    leftOut,
    allowPartial,
  }: { pairs: number; expected: number | null; leftOut: readonly Problem[]; allowPartial: number },
): void {
  if (expected !== null && pairs > expected)
    throw new UserError(
      `${root}: contains ${pairs} pairs of ${what}, ${expected} expected; give the official list with --list`,
    );
  const missing = Math.max(leftOut.length, expected === null ? 0 : expected - pairs);
  if (missing === 0 || (missing <= allowPartial && pairs > 0)) return;
  const first = leftOut.map(({ files, why }) => `${files.join(' and ')}: ${why}`);
  const listing = first.length === 0 ? '' : `: ${some(first)}`;
  const counts = `${expected === null ? pairs : `${pairs} of ${expected}`} pairs, ${leftOut.length} wrong`;
  throw new UserError(
    `${what}: ${counts}${listing}; complete the download, or continue without them by --allow-partial ${missing}`,
  );
}
