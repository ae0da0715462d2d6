import { interruptible, openEngine, printable, UserError, writableFolder } from '@unweather/core-tensor';
import { toJson } from '@unweather/eval';
import { type LpipsFiles, PerceptualJudge, provenanceOf, SCORING_THREADS } from '@unweather/lab';
import { ignoredText } from '../restore/texts.js';
import { UsageError } from '../usage-error.js';
import { writeEvaluations } from './evaluations.js';
import { LPIPS, type MeasureChoices, type Measures, measuresOf } from './measures.js';
import { pairUp, unpairedText } from './pairs.js';
import { progressOn } from './progress.js';
import { beside, publishedNamed } from './published.js';
import { type ScoresFile, writeScores } from './results.js';
import { scoreAll } from './run.js';
import { summaries } from './summary.js';
import { tablesText } from './texts.js';

/** Options of the command line. */
export interface ScoreCommand extends MeasureChoices {
  readonly truth?: string;
  /** Folder of the degraded pictures, which are scored beside the results. */
  readonly input?: string;
  readonly recursive?: boolean;
  /** Published numbers to show: "durn:did-mdn". */
  readonly against?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

/** Files that are named at most. */
const SHOWN = 10;

/**
 * Scores folders of results, against truths where a metric needs them, and prints tables. Of two folders without a
 * `truth`, the second holds the truths. Progress and notes go to stderr.
 * @throws UsageError for a command line that cannot be carried out; nothing is done then
 * @throws UserError where some pictures failed, each named on stderr
 */
export async function scoreCommand(folders: readonly string[], command: ScoreCommand): Promise<void> {
  const { input, recursive = false, against = [], out, json = false } = command;
  const measures = await measuresOf(command);
  const { results, truth } = placesOf(folders, command.truth, measures);
  const named = await publishedNamed(against);
  const all = input === undefined ? results : [input, ...results];
  const { folders: paired, unpaired, leftOut } = await pairUp(all, truth, { recursive, out });
  const say = (line: string | undefined) => line && process.stderr.write(`${printable(line)}\n`);
  if (leftOut.length > 0) say(ignoredText({ count: leftOut.length, files: leftOut.slice(0, SHOWN) }));
  say(unpairedText(unpaired));
  if (out !== undefined) await writableFolder(out);
  await interruptible(async (signal) => {
    const engine = command.lpips && (await openEngine());
    const judge = engine && (await PerceptualJudge.open(command.lpips as unknown as LpipsFiles, engine));
    const progress = progressOn(process.stderr);
    const failed: string[] = [];
    const scored = await scoreAll(
      paired,
      measures,
      judge,
      (event) => {
        if (event.event === 'failed') failed.push(event.error);
        progress.see(event);
      },
      signal,
    ).finally(() => {
      progress.stop();
      return judge?.dispose();
    });
    if (signal.aborted) return false;
    for (const error of failed) say(`failed: ${error}`);
    const total = paired.reduce((sum, { pairs }) => sum + pairs.length, 0);
    if (failed.length < total) {
      const scores = measures.scores.map((score) =>
        score.name === LPIPS && judge ? { ...score, ...judge.metric } : score,
      );
      const rulers = summaries(scored, measures);
      const file: ScoresFile = {
        format: 1,
        truth: truth ?? null,
        results: scored.map(({ label, path }) => ({ label, path })),
        scores,
        rulers,
        published: beside(named, rulers),
        failed,
        unpaired,
        provenance: await provenanceOf(engine ?? { description: 'JavaScript', threads: SCORING_THREADS }),
      };
      process.stdout.write(json ? `${toJson(file)}\n` : `${printable(tablesText(rulers, scores, file.published))}\n`);
      if (out !== undefined) {
        const written = await writeScores(out, file, scored);
        if (input !== undefined) written.push(...(await writeEvaluations(out, file, scored)));
        const told = json ? process.stderr : process.stdout;
        for (const path of new Set(written)) told.write(`wrote ${printable(path)}\n`);
      }
    }
    if (failed.length > 0) throw new UserError(failureText(failed.length, total));
    return true;
  });
}

/** Tells results from truths. @throws UsageError where truths are needed and missing */
function placesOf(
  folders: readonly string[],
  truth: string | undefined,
  { needTruth, scores }: Measures,
): { results: readonly string[]; truth?: string } {
  if (!needTruth) return { results: folders };
  if (truth !== undefined) return { results: folders, truth };
  const [first, second] = folders;
  if (folders.length === 2) return { results: [first!], truth: second! };
  const names = scores.map(({ name }) => name).join(', ');
  throw new UsageError(`${names}: a truth is needed for each picture; name the folder of the truths with --truth`);
}

function failureText(failed: number, total: number): string {
  const lines = failed === 1 ? 'the line above says why' : 'the lines above say why';
  if (failed === total) return `${total === 1 ? 'the picture' : `all ${total} pictures`} could not be scored; ${lines}`;
  return `${failed} of ${total} pictures could not be scored and are in no mean; ${lines}`;
}
