import { type EngineOptions, formatOf, inferenceGraph, writableFolder } from '@unweather/core-tensor';
import {
  generalProtocols,
  type Protocol,
  publishedTable,
  readPublished,
  summaryTable,
  writeResults,
} from '@unweather/eval';
import { embeddedData, metaData } from './data.js';
import { chosenEngine } from './engine.js';
import { evaluate } from './evaluate.js';
import { explain } from './explain.js';
import { pick } from './pick.js';
import type { Paper, Task } from './recipe.js';
import type { Reporter } from './reporter.js';
import { openWeights, saySkipped, type WeightsOptions } from './weights.js';

export interface EvalOptions extends EngineOptions, WeightsOptions {
  /** Meta file; without it, the embedded held-out pictures. */
  readonly data?: string;
  readonly root?: string;
  /** Name of one of the task's protocols, or of a general one; default: the task's first. */
  readonly protocol?: string;
  /** Says which operators run where, and scores nothing. */
  readonly explain?: boolean;
  /** Folder for the tables. */
  readonly out: string;
}

/**
 * Scores a checkpoint on pairs of pictures by its task's protocol and writes the tables.
 * @returns whether all pictures were scored
 * @throws UserError for everything a user can mend
 */
export async function evalCommand(
  paper: Paper,
  options: EvalOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  const task = pick('task', paper.tasks, options.task);
  const protocol = options.protocol === undefined ? task.protocols[0] : protocolOf(task, options.protocol);
  const { name: networkName, network, checkpoint } = await openWeights(paper, task, options);
  saySkipped(checkpoint, reporter);
  const { weights } = checkpoint;
  if (options.explain) {
    await explain(inferenceGraph(network, formatOf(network).channels), weights, options, reporter);
    return true;
  }
  const data =
    options.data === undefined
      ? await embeddedData('held-out', task.degradation)
      : await metaData(options.data, options.root);
  await writableFolder(options.out);
  const engine = await chosenEngine(options, reporter);
  const { records } = await evaluate(paper, { name: networkName, network }, protocol, weights, data, reporter, engine, {
    signal,
  });
  if (signal.aborted) return false;
  const notes = [data.note, `Protocol ${protocol.name}: ${protocol.description}`, `Weights: ${options.weights}.`];
  const heading = { title: `${networkName}, ${task.title}`, notes };
  const name = `${paper.name}-${options.task}`;
  for (const file of await writeResults(options.out, name, heading, records)) reporter.wrote(file);
  const published = publishedTable(readPublished(paper.published).filter((result) => result.task === options.task));
  reporter.result([notes.join('\n'), summaryTable(records), published].filter(Boolean).join('\n\n'), records);
  return true;
}

function protocolOf(task: Task, name: string): Protocol {
  const protocols = [...task.protocols, ...generalProtocols];
  return pick('protocol', Object.fromEntries(protocols.map((protocol) => [protocol.name, protocol])), name);
}
