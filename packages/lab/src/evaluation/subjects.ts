import type { OpenedEngine } from '@unweather/core-tensor';
import { baselinesOf } from '@unweather/eval';
import { openWeights, pick, saySkipped } from '@unweather/model';
import type { Reporter } from '../reporter.js';
import type { Study } from '../study.js';
import { baselineContender, networkContender, type Subject } from './evaluate.js';
import type { Job } from './jobs.js';

/** Titles and labels of an evaluation. */
export interface About extends Job {
  readonly title: string;
  readonly taskTitle: string;
  /** True for a baseline, whose weights are 'none'. */
  readonly baseline: boolean;
}

/** Name that baselines have in place of a paper's name. */
export const BASELINE = 'baseline';

/**
 * Yields the networks of the jobs, each opened lazily, then the baselines on the same pictures.
 * @throws UserError for weights that cannot be used
 */
export async function* subjectsOf(
  paper: Study,
  jobs: readonly Job[],
  options: { readonly architecture?: string; readonly weightsKey?: string; readonly baselines?: boolean },
  engine: OpenedEngine,
  reporter: Reporter,
  signal: AbortSignal,
): AsyncGenerator<[About, Subject]> {
  for (const job of jobs) {
    const task = pick('task', paper.tasks, job.task);
    const opened = await openWeights(paper, { ...options, ...job }, { listener: reporter, signal });
    const { shown, name, network, checkpoint } = opened;
    saySkipped(checkpoint, reporter);
    const { data, protocol } = job;
    const contender = networkContender(network, checkpoint.weights, engine);
    const about = { ...job, title: paper.title, taskTitle: task.title, weights: shown, baseline: false };
    yield [about, { paper, name, contender, protocol, data }];
  }
  if (options.baselines === false) return;
  for (const job of splitsOf(jobs))
    for (const baseline of baselinesOf(job.task)) {
      const { name, description } = baseline;
      const { data, protocol } = job;
      const of = { name: BASELINE, protocols: paper.protocols };
      const taskTitle = paper.tasks[job.task]!.title;
      const about = { ...job, title: description, taskTitle, weights: 'none', baseline: true };
      yield [about, { paper: of, name, contender: baselineContender(baseline), protocol, data }];
    }
}

/** Picks one job for each combination of task, list of pairs and protocol. */
function splitsOf(jobs: readonly Job[]): Job[] {
  const keys = jobs.map(({ task, data, protocol }) => JSON.stringify([task, data.dataset, data.split, protocol.name]));
  return jobs.filter((_, i) => keys.indexOf(keys[i]!) === i);
}
