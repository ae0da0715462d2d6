import { type Difference, type Interval, intervals, pairedDifference } from '@unweather/eval';
import type { Measures, Ruler, Score } from './measures.js';
import type { ScoredFolder } from './run.js';

/** Everything measured with one ruler. */
export interface RulerSummary {
  readonly protocol: Ruler['protocol'];
  readonly folders: readonly FolderSummary[];
  /** A row per picture: for each folder its scores, or undefined where the folder has none of the picture. */
  readonly rows: readonly { readonly name: string; readonly sets: readonly (ScoreSet | undefined)[] }[];
  /** Differences of each further folder to the first, over the pictures that both have. */
  readonly differences: readonly FolderDifference[];
}

/** Scores of one picture by name. */
export type ScoreSet = Readonly<Record<string, number>>;

/** Means over a folder's pictures. */
export interface FolderSummary {
  readonly label: string;
  readonly pictures: number;
  /** Means with 95 % intervals, by the score's name. */
  readonly means: Readonly<Record<string, Interval>>;
}

/** Paired difference of one score of two folders. */
export interface FolderDifference extends Difference {
  readonly label: string;
  /** The folder that is subtracted. */
  readonly less: string;
  readonly score: string;
  readonly pictures: number;
}

/** Summarises scores, ruler by ruler. */
export function summaries(
  folders: readonly ScoredFolder[],
  { rulers, scores }: Pick<Measures, 'rulers' | 'scores'>,
): RulerSummary[] {
  return rulers.map(({ protocol }, ruler) => {
    const named = folders.map(({ pictures }) => new Map(pictures.map((picture) => [picture.name, picture])));
    const names = [...new Set(named.flatMap((of) => [...of.keys()]))].sort();
    const rows = names.map((name) => ({ name, sets: named.map((of) => of.get(name)?.sets[ruler]) }));
    const [first, ...others] = folders as [ScoredFolder, ...ScoredFolder[]];
    return {
      protocol,
      rows,
      folders: folders.map((folder) => folderSummary(folder, ruler, scores)),
      differences: others.flatMap((other) => differencesOf(first, other, ruler, scores)),
    };
  });
}

function folderSummary({ label, pictures }: ScoredFolder, ruler: number, scores: readonly Score[]): FolderSummary {
  const columns = scores.map(({ name }) => pictures.map(({ sets }) => sets[ruler]![name]!));
  const found = pictures.length === 0 ? [] : intervals(columns, scenesOf(pictures));
  return {
    label,
    pictures: pictures.length,
    means: Object.fromEntries(found.map((interval, i) => [scores[i]!.name, interval])),
  };
}

function differencesOf(
  first: ScoredFolder,
  other: ScoredFolder,
  ruler: number,
  scores: readonly Score[],
): FolderDifference[] {
  const byName = new Map(first.pictures.map((picture) => [picture.name, picture]));
  const after = other.pictures.filter(({ name }) => byName.has(name));
  const before = after.map(({ name }) => byName.get(name)!);
  if (after.length === 0) return [];
  return scores.map(({ name }) => {
    const column = (of: ScoredFolder['pictures']) => of.map(({ sets }) => sets[ruler]![name]!);
    const difference = pairedDifference(column(before), column(after), scenesOf(before));
    return { label: other.label, less: first.label, score: name, pictures: after.length, ...difference };
  });
}

function scenesOf(pictures: ScoredFolder['pictures']): string[] {
  return pictures.map(({ scene }) => scene);
}
