import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EngineOptions, formatOf, hashOfWeights, inferenceGraph, writableFolder } from '@unweather/core-tensor';
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
import { chosenEngine } from '../engine.js';
import { explain } from '../explain.js';
import { pick } from '../pick.js';
import type { Paper } from '../recipe.js';
import type { Reporter } from '../reporter.js';
import { openWeights, saySkipped } from '../weights.js';
import { evaluate, type Subject } from './evaluate.js';
import { writeExemplars } from './exemplars.js';
import { type Choices, type Job, jobsOf } from './jobs.js';
import { type LpipsFiles, PerceptualJudge } from './perceptual-judge.js';
import { provenanceOf } from './provenance.js';

export interface EvalOptions extends EngineOptions, Choices {
  /** File that describes the network of the weights, where the checkpoint does not say it. */
  readonly architecture?: string;
  /** Says which operators run where, and scores nothing. */
  readonly explain?: boolean;
  /** Names of metrics beside the protocol's. */
  readonly metrics?: readonly string[];
  /** Files by which LPIPS is measured, too. */
  readonly lpips?: LpipsFiles;
  /** Every so-manieth pair alone, for `unweather-report merge`. */
  readonly shard?: Shard;
  /** Folder for the tables. */
  readonly out: string;
}

/**
 * Scores checkpoints on pairs of pictures by their protocols and writes the tables. What a run that was stopped has scored,
 * or one of the same weights, pictures and protocol, is not scored again.
 * @returns whether all pictures were scored
 * @throws UserError for everything a user can mend
 */
export async function evalCommand(
  paper: Paper,
  options: EvalOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  if (options.explain) {
    const [first] = Object.keys(paper.tasks) as [string];
    const { task = first } = options;
    const chosen = { ...options, task };
    const described = pick('task', paper.tasks, task);
    const { network, checkpoint } = await openWeights(paper, described, chosen, { reporter, signal });
    await explain(inferenceGraph(network, formatOf(network).channels), checkpoint.weights, options, reporter);
    return true;
  }
  const jobs = await jobsOf(paper, options, (text) => reporter.say(text));
  if (jobs.length === 0) return true;
  await writableFolder(options.out);
  const engine = await chosenEngine(options, reporter);
  const judge = options.lpips === undefined ? undefined : await PerceptualJudge.open(options.lpips, engine);
  try {
    for (const job of jobs) {
      const task = pick('task', paper.tasks, job.task);
      const chosen = { ...options, ...job };
      const { shown, name, network, checkpoint } = await openWeights(paper, task, chosen, { reporter, signal });
      saySkipped(checkpoint, reporter);
      const { data, protocol } = job;
      const subject = { paper, name, network, weights: checkpoint.weights, protocol, data, engine };
      if (!(await run({ ...job, weights: shown }, subject, { ...options, judge }, reporter, signal))) return false;
    }
    return true;
  } catch (thrown) {
    // A download that was stopped: what came of it is kept.
    if (signal.aborted && thrown === signal.reason) return false;
    throw thrown;
  } finally {
    await judge?.dispose();
  }
}

type RunOptions = EvalOptions & { readonly judge: PerceptualJudge | undefined };

async function run(
  job: Job,
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
  reporter.say(`${subject.paper.name}, ${job.task}: ${job.weights} on ${`${context.dataset} ${context.split}`.trim()}`);
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
    reporter.say(`stopped after ${records.length} pictures; the same command goes on`);
    return false;
  }
  if (shard !== null) {
    // In the list's order, without what earlier versions left.
    await (await Journal.begin(file, context, shard, records)).close();
    reporter.wrote(file);
    return true;
  }
  const exemplars = await writeExemplars(out, name, subject, records, before);
  for (const written of await writeEvaluation(out, context, records, exemplars)) reporter.wrote(written);
  await rm(file, { force: true });
  const published = readPublished(subject.paper.published).filter((result) => result.task === job.task);
  const text = [context.notes.join('\n'), summaryTable(records), publishedTable(published)];
  reporter.result(text.filter(Boolean).join('\n\n'), { ...context, summary: summarise(records) });
  return true;
}

async function contextOf(
  { task, weights: file, data, protocol }: Job,
  { paper, name, weights, engine }: Subject,
  { metrics = [], judge }: RunOptions,
): Promise<EvaluationContext> {
  const { name: protocolName, description } = protocol;
  return {
    format: 1,
    paper: paper.name,
    title: paper.title,
    task,
    taskTitle: paper.tasks[task]!.title,
    network: name,
    dataset: data.dataset,
    split: data.split,
    benchmark: data.benchmark ?? false,
    pairs: data.pairs.length,
    expected: data.expected ?? null,
    notes: [data.note, `Protocol ${protocolName}: ${description}`, `Weights: ${file}.`],
    protocol: { name: protocolName, description },
    metrics: [
      ...metrics.map((metric) => {
        const { name: metricName, description: words, better, decimals } = METRICS[metric]!;
        return { name: metricName, description: words, better, decimals };
      }),
      ...(judge === undefined ? [] : [judge.metric]),
    ],
    weights: { file, sha256: hashOfWeights(weights) },
    provenance: await provenanceOf(engine),
  };
}
