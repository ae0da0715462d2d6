import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EngineOptions,
  formatOf,
  inferenceGraph,
  type OpenedEngine,
  writableFolder,
} from '@unweather/core-tensor';
import {
  type EvaluationContext,
  Journal,
  METRICS,
  nameOf,
  type PictureRecord,
  publishedTable,
  readEvaluationIfAny,
  readJournal,
  readPublished,
  type Shard,
  summarise,
  summaryTable,
  writeEvaluation,
} from '@unweather/eval';
import { chosenEngine, openWeights } from '@unweather/model';
import { explain } from '../explain.js';
import type { Reporter } from '../reporter.js';
import type { Study } from '../study.js';
import { evaluate, type Subject } from './evaluate.js';
import { writeExemplars } from './exemplars.js';
import { type Choices, jobsOf } from './jobs.js';
import { type LpipsFiles, PerceptualJudge } from './perceptual-judge.js';
import { provenanceOf } from './provenance.js';
import { type About, BASELINE, subjectsOf } from './subjects.js';

export interface EvalOptions extends EngineOptions, Choices {
  /** File that describes the network, for checkpoints that do not name it. */
  readonly architecture?: string;
  /** Where the weights are in their file, for files that keep them in an unusual place. */
  readonly weightsKey?: string;
  /** Reports which operators run on which device, and scores nothing. */
  readonly explain?: boolean;
  /** Names of metrics to compute besides the protocol's. */
  readonly metrics?: readonly string[];
  /** Weights files for LPIPS, which is computed if they are given. */
  readonly lpips?: LpipsFiles;
  /** Also scores simple baselines on the same pictures; default: true. */
  readonly baselines?: boolean;
  /** Every n-th pair only, for `unweather-report merge`. */
  readonly shard?: Shard;
  /** Folder for the tables. */
  readonly out: string;
}

/**
 * Scores checkpoints on pairs of pictures by their protocols and writes the tables. Reuses scores of interrupted runs,
 * and of earlier runs with the same weights, pictures and protocol.
 * @returns true if all pictures were scored
 * @throws UserError for everything a user can fix
 */
export async function evalCommand(
  paper: Study,
  options: EvalOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  if (options.explain) {
    const [first] = Object.keys(paper.tasks) as [string];
    const { task = first } = options;
    const chosen = { ...options, task };
    const { network, checkpoint } = await openWeights(paper, chosen, { listener: reporter, signal });
    await explain(inferenceGraph(network, formatOf(network).channels), checkpoint.weights, options, reporter);
    return true;
  }
  const jobs = await jobsOf(paper, options, (text) => reporter.say(text));
  if (jobs.length === 0) return true;
  await writableFolder(options.out);
  const engine = await chosenEngine(options, reporter);
  const judge = options.lpips === undefined ? undefined : await PerceptualJudge.open(options.lpips, engine);
  try {
    const running = { ...options, judge, engine, published: paper.published };
    for await (const [about, subject] of subjectsOf(paper, jobs, options, engine, reporter, signal))
      if (!(await run(about, subject, running, reporter, signal))) return false;
    return true;
  } catch (thrown) {
    // The download was interrupted; the part that arrived is kept.
    if (signal.aborted && thrown === signal.reason) return false;
    throw thrown;
  } finally {
    await judge?.dispose();
  }
}

type RunOptions = Omit<EvalOptions, 'engine'> & {
  readonly judge: PerceptualJudge | undefined;
  readonly engine: OpenedEngine;
  readonly published: URL;
};

async function run(
  job: About,
  subject: Subject,
  options: RunOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  const { out, shard = null, metrics = [], judge } = options;
  const context = await contextOf(job, subject, options);
  const name = nameOf(context);
  const file = join(out, shard === null ? `${name}.jsonl` : `${name}.shard-${shard.index}-of-${shard.of}.jsonl`);
  const before = await readEvaluationIfAny(join(out, `${name}.json`));
  const stopped = (await readJournal(file))?.records ?? [];
  const known = new Map([...(before?.records ?? []), ...stopped].map((record) => [record.key, record]));
  const who = job.baseline
    ? `${BASELINE}, ${job.task}: ${subject.name}`
    : `${subject.paper.name}, ${job.task}: ${job.weights}`;
  reporter.say(`${who} on ${`${context.dataset} ${context.split}`.trim()}`);
  let journal: Journal | undefined;
  let records: readonly PictureRecord[];
  try {
    const keep = async (record: PictureRecord) => {
      journal ??= await Journal.begin(file, context, shard, [...known.values()]);
      await journal.add(record);
    };
    ({ records } = await evaluate(subject, reporter, { signal, metrics, judge, shard, known, keep }));
  } finally {
    await journal?.close();
  }
  if (signal.aborted) {
    reporter.say(`stopped after ${records.length} pictures; run the same command again to continue`);
    return false;
  }
  if (shard !== null) {
    // Rewrites the journal in the order of the pairs, without records of earlier versions.
    await (await Journal.begin(file, context, shard, records)).close();
    reporter.wrote(file);
    return true;
  }
  const exemplars = await writeExemplars(out, name, subject, records, before);
  for (const written of await writeEvaluation(out, context, records, exemplars)) reporter.wrote(written);
  await rm(file, { force: true });
  const published = job.baseline ? [] : readPublished(options.published).filter(({ task }) => task === job.task);
  const text = [context.notes.join('\n'), summaryTable(records), publishedTable(published)];
  reporter.result(text.filter(Boolean).join('\n\n'), { ...context, summary: summarise(records) });
  return true;
}

async function contextOf(
  { task, title, taskTitle, baseline, weights: file, data, protocol }: About,
  { paper, name, contender }: Subject,
  { metrics = [], judge, engine }: RunOptions,
): Promise<EvaluationContext> {
  const { name: protocolName, description } = protocol;
  return {
    format: 1,
    paper: paper.name,
    title,
    task,
    taskTitle,
    network: name,
    baseline,
    dataset: data.dataset,
    split: data.split,
    benchmark: data.benchmark ?? false,
    pairs: data.pairs.length,
    expected: data.expected ?? null,
    notes: [
      data.note,
      `Protocol ${protocolName}: ${description}`,
      baseline ? `Baseline: ${title}.` : `Weights: ${file}.`,
    ],
    protocol: { name: protocolName, description },
    metrics: [
      ...metrics.map((metric) => {
        const { name: metricName, description: words, better, decimals } = METRICS[metric]!;
        return { name: metricName, description: words, better, decimals };
      }),
      ...(judge === undefined ? [] : [judge.metric]),
    ],
    weights: { file, sha256: contender.sha256 },
    provenance: { ...(await provenanceOf(engine)), engine: contender.engine },
  };
}
