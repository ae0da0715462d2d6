import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, readText, UserError, writableFolder, writeWhole } from '@unweather/core-tensor';
import { csv, ResultRecords, type Shard, toJson } from '@unweather/eval';
import { z } from 'zod';
import type { Reporter } from '../reporter.js';
import { runChild } from './child.js';
import { folderOf, type SweepRun } from './plan.js';
import { compareRuns, type ScoredRun, type SweepRow, sweepTable } from './summary.js';

/** Runs of a sweep, and the place of their results. */
export interface SweepOptions {
  readonly runs: readonly SweepRun[];
  /** Folder of the sweep; each run has one below it. */
  readonly out: string;
  /** Every n-th run only. */
  readonly shard?: Shard | undefined;
  /** File of the command line whose `train` is run. */
  readonly program: string;
}

/** Options that a resumed training takes from its checkpoint. */
const KEPT = new Set(['recipe', 'set', 'steps', 'seed', 'pretrained', 'weights-key', 'architecture']);

const Kept = z.strictObject({
  format: z.literal(1),
  /** Options of `train`. */
  options: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) })),
  /** Scores of the held-out pictures; null until the run has finished. */
  records: ResultRecords.nullable(),
});

/**
 * Trains every run of a sweep that has not finished before, each in a process of its own, and compares those that have
 * finished. A run that fails is named, and the others go on.
 * @returns false if the signal was aborted first
 * @throws UserError naming the runs that failed, or a folder that holds another run
 */
export async function sweep(options: SweepOptions, reporter: Reporter, signal: AbortSignal): Promise<boolean> {
  const { runs, out, shard = { index: 1, of: 1 } } = options;
  const mine = runs.filter((_, i) => i % shard.of === shard.index - 1);
  await writableFolder(out);
  const failed: string[] = [];
  for (const [i, run] of mine.entries()) {
    const reason = await trainOne(run, `run ${i + 1} of ${mine.length}, ${run.name}`, options, reporter, signal);
    if (signal.aborted) {
      reporter.say('stopped; run the same command again to go on');
      return false;
    }
    if (reason !== undefined) failed.push(`${run.name} (${reason})`);
  }
  await conclude(options, reporter);
  if (failed.length > 0) throw new UserError(`${failed.length} of ${mine.length} runs failed: ${failed.join('; ')}`);
  return true;
}

/** Trains a run, unless it has finished before. @returns the reason if it failed */
async function trainOne(
  run: SweepRun,
  title: string,
  { out, program }: SweepOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<string | undefined> {
  const folder = join(out, folderOf(run.name));
  const kept = await keptIn(folder);
  const begun = kept !== undefined && (await readdir(folder)).some((name) => name.endsWith('.safetensors'));
  if (begun && JSON.stringify(kept.options) !== JSON.stringify(run.options))
    throw new UserError(`${folder}: holds a run with other options; choose another --out, or delete the folder`);
  if (kept?.records) {
    reporter.say(`${title}: finished before`);
    return undefined;
  }
  await writableFolder(folder);
  const options = run.options.map(({ name, values }) => ({ name, values: [...values] }));
  await keep(folder, { format: 1, options, records: null });
  reporter.say(begun ? `${title}: goes on` : title);
  const given = begun ? options.filter(({ name }) => !KEPT.has(name)) : options;
  const args = given.flatMap(({ name, values }) => [`--${name}`, ...values]);
  const where = ['--out', folder, ...(begun ? ['--resume'] : [])];
  const { status, records, reason } = await runChild(program, ['train', ...args, ...where], reporter, signal);
  reporter.pause();
  if (signal.aborted) return undefined;
  if (status !== 0) {
    const problem = reason.replace(/^error: /, '') || `ended with status ${status}`;
    reporter.say(`${title}: ${problem}`);
    return problem;
  }
  if (records.length === 0) return 'it scored no held-out pictures';
  await keep(folder, { format: 1, options, records: [...records] });
  return undefined;
}

/** Writes the table of all runs that have finished, of other shards, too. */
async function conclude({ runs, out }: SweepOptions, reporter: Reporter): Promise<void> {
  const found = await Promise.all(
    runs.map(async ({ name }) => ({ name, records: (await keptIn(join(out, folderOf(name))))?.records ?? [] })),
  );
  const scored: ScoredRun[] = found.filter(({ records }) => records.length > 0);
  if (scored.length === 0) return;
  const missing = found.filter(({ records }) => records.length === 0).map(({ name }) => name);
  const rows = compareRuns(scored);
  const notes = [
    'Means over the held-out pictures, with 95 % intervals over scenes. *Against the first*: PSNR less that of the first ' +
      'run with the same pictures, picture by picture; an interval without 0 is a difference that other pictures would show, too.',
    ...(missing.length > 0 ? [`Not finished: ${missing.join(', ')}.`] : []),
  ];
  const text = [...notes, sweepTable(rows)].join('\n\n');
  const files = { 'sweep.md': text, 'sweep.csv': csv(rows.map(line)).trimEnd(), 'sweep.json': toJson(rows, 2) };
  for (const [name, content] of Object.entries(files)) {
    await writeWhole(join(out, name), content, '\n');
    reporter.wrote(join(out, name));
  }
  reporter.result(text, rows);
}

function line({ name, scored, pictures, psnr, ssim, difference }: SweepRow): Record<string, string | number> {
  return {
    ...{ run: name, scored, pictures: String(pictures), psnr: psnr.mean, psnr_low: psnr.low, psnr_high: psnr.high },
    ...{ ssim: ssim.mean, ssim_low: ssim.low, ssim_high: ssim.high },
    ...(difference && {
      difference: difference.mean,
      difference_low: difference.low,
      difference_high: difference.high,
    }),
  };
}

const FILE = 'sweep-run.json';

async function keptIn(folder: string): Promise<z.infer<typeof Kept> | undefined> {
  const path = join(folder, FILE);
  if (!(await exists(path))) return undefined;
  const bad = () => new UserError(`${path}: damaged, or of another version; delete the folder to train the run again`);
  let json: unknown;
  try {
    json = JSON.parse(await readText(path, 'check the permissions'));
  } catch (thrown) {
    throw thrown instanceof UserError ? thrown : bad();
  }
  const parsed = Kept.safeParse(json);
  if (!parsed.success) throw bad();
  return parsed.data;
}

function keep(folder: string, run: z.infer<typeof Kept>): Promise<void> {
  return writeWhole(join(folder, FILE), toJson(run, 1), '\n');
}
