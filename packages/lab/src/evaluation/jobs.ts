import { UserError } from '@unweather/core-tensor';
import { howToPrepare, type PreparedSplit, preparedSplits } from '@unweather/datasets';
import { generalProtocols, type Protocol } from '@unweather/eval';
import { carriedWeights, foreignWeights, howToTrain, noWeights, pick, trainedWeights } from '@unweather/model';
import { type Data, embeddedData, metaData } from '../data.js';
import type { Study, TaskStudy } from '../study.js';

/** Choices of the command line, most with a default. */
export interface Choices {
  /** Name of the task; default: every task, or the first one if weights or pairs are given. */
  readonly task?: string;
  /**
   * Default: the weights that the paper's package carries for the task, those of a foreign package that is installed, and
   * every checkpoint left by trainings.
   */
  readonly weights?: string;
  /** Meta file; default: the prepared splits on which the task is scored, or the embedded pictures. */
  readonly data?: string;
  readonly root?: string;
  /** Folder of prepared datasets. */
  readonly meta: string;
  /** Name of the only prepared dataset to use, or 'embedded'. */
  readonly dataset?: string;
  /** Name of one of the task's protocols, or of a general one; default: the split's. */
  readonly protocol?: string;
}

/** One evaluation: a checkpoint on a list of pairs by a protocol. */
export interface Job {
  readonly task: string;
  readonly weights: string;
  readonly data: Data;
  readonly protocol: Protocol;
}

/**
 * Lists the evaluations that a command asks for: every task × its checkpoints × the prepared splits it is scored on.
 * @param say receives one line that lists the tasks without a checkpoint
 * @throws UserError if a named task, weights file or list of pairs does not exist, or a named task has no weights
 */
export async function jobsOf(paper: Study, choices: Choices, say: (text: string) => void): Promise<Job[]> {
  const [first] = Object.keys(paper.tasks) as [string];
  const named = choices.task ?? (choices.weights !== undefined || choices.data !== undefined ? first : undefined);
  const jobs: Job[] = [];
  const untrained: string[] = [];
  for (const name of named === undefined ? Object.keys(paper.tasks) : [named]) {
    const task = pick('task', paper.tasks, name);
    const weights = choices.weights === undefined ? await weightsFor(paper, name) : [choices.weights];
    if (weights.length === 0) {
      untrained.push(name);
      continue;
    }
    for (const { data, protocol } of await dataOf(task, choices))
      for (const file of weights)
        jobs.push({ task: name, weights: file, data, protocol: protocolOf(task, choices.protocol ?? protocol) });
  }
  if (jobs.length === 0 && named !== undefined) throw noWeights(paper, named);
  if (untrained.length > 0)
    say(
      `${paper.name}, ${untrained.join(', ')}: no weights, not scored; train some with ` +
        `"${howToTrain(paper, untrained[0]!)}"`,
    );
  return jobs;
}

async function weightsFor(paper: Study, task: string): Promise<string[]> {
  const packaged = [await carriedWeights(paper, task), await foreignWeights(paper, task)];
  return [...packaged.filter((name) => name !== undefined), ...(await trainedWeights(paper, task))];
}

async function dataOf(task: TaskStudy, choices: Choices): Promise<{ data: Data; protocol: string }[]> {
  const [{ name: usual }] = task.protocols;
  if (choices.data !== undefined) return [{ data: await metaData(choices.data, choices.root), protocol: usual }];
  const prepared = choices.dataset === 'embedded' ? [] : await preparedSplits(choices.meta);
  const found = prepared.flatMap((split) => {
    const protocol = task.benchmarks[`${split.dataset}/${split.split}`];
    const wanted = choices.dataset === undefined || choices.dataset === split.dataset;
    return protocol === undefined || !wanted ? [] : [{ split, protocol }];
  });
  if (found.length > 0)
    return Promise.all(found.map(async ({ split, protocol }) => ({ data: await preparedData(split), protocol })));
  if (choices.dataset !== undefined && choices.dataset !== 'embedded')
    throw new UserError(
      `${choices.dataset}: no split that ${task.title} is scored on is prepared in ${choices.meta}; prepare it with ` +
        `"${howToPrepare(choices.dataset)}"`,
    );
  return [{ data: await embeddedData('held-out', task.degradation), protocol: usual }];
}

/** The pairs of a prepared split. */
async function preparedData({ dataset, split, meta, root, expected, partial, notes }: PreparedSplit): Promise<Data> {
  const data = await metaData(meta, root);
  const count = `${data.pairs.length} pairs${expected === null ? '' : ` of ${expected}`}`;
  const note = [`${dataset}, ${split}: ${count}${partial ? ', prepared in part' : ''}.`, ...notes].join(' ');
  return { ...data, dataset, split, note, benchmark: true, expected };
}

function protocolOf(task: TaskStudy, name: string): Protocol {
  const protocols = [...task.protocols, ...generalProtocols];
  return pick('protocol', Object.fromEntries(protocols.map((protocol) => [protocol.name, protocol])), name);
}
