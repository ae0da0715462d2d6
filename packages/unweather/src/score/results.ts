import { join } from 'node:path';
import { writeWhole } from '@unweather/core-tensor';
import { column, csv, type EvaluationContext, toJson } from '@unweather/eval';
import type { Score } from './measures.js';
import { scoresPage } from './page.js';
import type { Beside } from './published.js';
import type { ScoredFolder } from './run.js';
import type { RulerSummary } from './summary.js';

/** Content of scores.json: everything that was measured. */
export interface ScoresFile {
  readonly format: 1;
  /** Folder of the truths; null where there are none. */
  readonly truth: string | null;
  readonly results: readonly { readonly label: string; readonly path: string }[];
  readonly scores: readonly Score[];
  readonly rulers: readonly RulerSummary[];
  readonly published: readonly Beside[];
  /** Pictures that could not be scored, each with the reason. */
  readonly failed: readonly string[];
  /** Pictures without a partner of the same name. */
  readonly unpaired: readonly string[];
  readonly provenance: EvaluationContext['provenance'];
}

/**
 * Writes scores.csv (a line per folder, protocol and picture), scores.json (everything) and scores.html.
 * @returns the paths written
 * @throws UserError naming the file that cannot be written
 */
export async function writeScores(
  folder: string,
  file: ScoresFile,
  scored: readonly ScoredFolder[],
): Promise<string[]> {
  const [table, json, page] = ['scores.csv', 'scores.json', 'scores.html'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeWhole(table, linesOf(file, scored));
  await writeWhole(json, toJson(file, 1), '\n');
  await writeWhole(page, await scoresPage(file));
  return [table, json, page];
}

function linesOf({ rulers, scores }: ScoresFile, scored: readonly ScoredFolder[]): string {
  return csv(
    rulers.flatMap(({ protocol }, ruler) =>
      scored.flatMap(({ label, pictures }) =>
        pictures.map(({ name, result, sets }) => ({
          results: label,
          picture: name,
          file: result,
          protocol: protocol?.name ?? '',
          ...Object.fromEntries(scores.map((score) => [column(score.name), sets[ruler]![score.name]!])),
        })),
      ),
    ),
  );
}
