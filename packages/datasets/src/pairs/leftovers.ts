import type { Problem } from '../prepare/pairing.js';
import type { Matched } from './rule.js';

/** Files that are in no pair. */
export interface Leftovers {
  readonly inputs: readonly string[];
  readonly truths: readonly string[];
  readonly problems: readonly Problem[];
  /** Number of these files and problems. */
  readonly count: number;
}

/** Finds the files that a rule left over; truths that an unclear or broken pair may belong to are among them. */
export function remaining(
  inputs: readonly string[],
  truths: readonly string[],
  { entries, unclear }: Matched,
  broken: readonly Problem[] = [],
): Leftovers {
  const paired = [new Set(entries.map(([truth]) => truth)), new Set(entries.map(([, input]) => input))] as const;
  const named = new Set(unclear.flatMap(({ files }) => files));
  const left = {
    inputs: inputs.filter((path) => !paired[1].has(path) && !named.has(path)),
    truths: truths.filter((path) => !paired[0].has(path)),
    problems: [...unclear, ...broken],
  };
  return { ...left, count: left.inputs.length + left.truths.length + left.problems.length };
}

const MOST = 10;

/** "1 pair", "2 pairs". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Names up to ten: "3 inputs without a truth (a.png, b.png, c.png)". */
function named(count: number, what: string, texts: readonly string[]): string[] {
  if (count === 0) return [];
  return [`${what} (${texts.slice(0, MOST).join(', ')}${count > MOST ? ', …' : ''})`];
}

/** Counts the files that are in no pair, and names at most ten of each kind. */
export function summary({ inputs, truths, problems }: Leftovers): string {
  const reasons = problems.slice(0, MOST).map(({ files, why }) => `${files.join(' and ')}: ${why}`);
  return [
    ...named(inputs.length, `${counted(inputs.length, 'input')} without a truth`, inputs),
    ...named(truths.length, `${counted(truths.length, 'truth')} without an input`, truths),
    ...named(problems.length, `${problems.length} unclear or unusable`, reasons),
  ].join('; ');
}
