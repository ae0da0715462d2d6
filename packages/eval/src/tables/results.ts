import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fnv1a, UserError, writeWhole } from '@unweather/core-tensor';
import { type Evaluation, type EvaluationContext, type Exemplar, readEvaluation, toJson } from './evaluation.js';
import { column, csv, type PictureRecord, pictureRecord, type ResultRecord, toCsv } from './record.js';
import { summarise, summaryTable } from './summary.js';

/** Text above a table's numbers. */
export interface Heading {
  readonly title: string;
  /** Sentences that a reader must know: the protocol in words, and if the pictures are a paper's benchmark. */
  readonly notes: readonly string[];
}

/**
 * Writes `<name>.csv` (one picture a line) and `<name>.md` (the means, with their meaning).
 * @returns the paths written
 * @throws UserError naming the file that cannot be written
 */
export async function writeResults(
  folder: string,
  name: string,
  { title, notes }: Heading,
  records: readonly ResultRecord[],
): Promise<string[]> {
  const [csvFile, markdown] = [join(folder, `${name}.csv`), join(folder, `${name}.md`)] as const;
  await writeWhole(csvFile, toCsv(records));
  await writeWhole(markdown, [`# ${title}`, ...notes, summaryTable(records)].join('\n\n'), '\n');
  return [csvFile, markdown];
}

const LONGEST = 80;

/** Name of an evaluation in a folder of results: paper, task, split, protocol, first digits of the weights' hash. */
export function nameOf({ paper, task, dataset, split, protocol, weights }: EvaluationContext): string {
  const place = [dataset, split]
    .filter(Boolean)
    .join('-')
    .replace(/\.json$/, '')
    .replace(/[^\w-]+/g, '_');
  // File names have at most 255 bytes.
  const brief = place.length <= LONGEST ? place : `${place.slice(-LONGEST)}-${fnv1a(place).toString(16)}`;
  return [`${paper}-${task}`, brief, protocol.name, weights.sha256.slice(0, 8)].join('.');
}

/** Adds the shared context to every record. */
export function asResults(context: EvaluationContext, records: readonly PictureRecord[]): ResultRecord[] {
  const { paper, network, dataset, split, protocol, weights, provenance } = context;
  const common = { paper, network, dataset, split, protocol: protocol.name, weights: weights.sha256 };
  return records.map((record) => ({
    ...record,
    ...common,
    engine: provenance.engine,
    origin: 'measured here',
  }));
}

/**
 * Writes an evaluation as JSON (everything), CSV (one picture a line) and Markdown (the means), and rewrites
 * `datasets.csv`, one line for every evaluation of the folder.
 * @returns the paths written
 * @throws UserError naming the file that cannot be written
 */
export async function writeEvaluation(
  folder: string,
  context: EvaluationContext,
  records: readonly PictureRecord[],
  exemplars: readonly Exemplar[] = [],
): Promise<string[]> {
  const name = nameOf(context);
  const heading = { title: `${context.network}, ${context.taskTitle}`, notes: context.notes };
  const files = await writeResults(folder, name, heading, asResults(context, records));
  const json = join(folder, `${name}.json`);
  await writeWhole(
    json,
    toJson({ ...context, summary: summarise(records), records: records.map(pictureRecord), exemplars }, 1),
    '\n',
  );
  const all = join(folder, 'datasets.csv');
  await writeWhole(all, csv((await readEvaluations(folder)).map(line)));
  return [json, ...files, all];
}

/** Reads a folder's evaluations, by name. @throws UserError where the folder or one of them cannot be read */
export async function readEvaluations(folder: string): Promise<Evaluation[]> {
  const files = await readdir(folder).catch(() => {
    throw new UserError(`${folder}: no such folder; run an evaluation first, or give its folder`);
  });
  // Names of evaluations have four parts; the folder may hold other JSON files.
  const own = files.filter((file) => /^[^.]+-[^.]+\..+\.[0-9a-f]{8}\.json$/.test(file)).sort();
  return Promise.all(own.map((file) => readEvaluation(join(folder, file))));
}

/** An evaluation as a line of datasets.csv: means, and the interval of PSNR. */
function line({ summary, ...context }: Evaluation): Record<string, string | number> {
  const { pictures, input, restored } = summary.at(-1)!;
  const means = (prefix: string, of: typeof input) =>
    Object.fromEntries(Object.entries(of).map(([name, { mean }]) => [`${prefix}${column(name)}`, mean]));
  return {
    paper: context.paper,
    task: context.task,
    network: context.network,
    dataset: context.dataset,
    split: context.split,
    benchmark: String(context.benchmark),
    protocol: context.protocol.name,
    pictures: String(pictures),
    ...means('input_', input),
    ...means('', restored),
    psnr_low: restored.psnr!.low,
    psnr_high: restored.psnr!.high,
    weights_sha256: context.weights.sha256,
    engine: context.provenance.engine,
    commit: context.provenance.commit ?? '',
    date: context.provenance.date,
  };
}
