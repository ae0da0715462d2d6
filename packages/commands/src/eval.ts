import { type EngineOptions, inferenceGraph, readCheckpoint, UserError, writableFolder } from '@unweather/core-tensor';
import { summaryTable, writeResults } from '@unweather/eval';
import { embeddedData, metaData } from './data.js';
import { chosenEngine } from './engine.js';
import { evaluate } from './evaluate.js';
import { explain } from './explain.js';
import { pick } from './pick.js';
import type { Paper } from './recipe.js';
import type { Reporter } from './reporter.js';

export interface EvalOptions extends EngineOptions {
  readonly task: string;
  /** Checkpoint to be scored. */
  readonly weights: string;
  /** Meta file; without it, the embedded held-out pictures. */
  readonly data?: string;
  readonly root?: string;
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
  const network = paper.networks[task.network]!;
  const { weights } = await readCheckpoint(options.weights, task.network, network.create().parameters()).catch(
    (thrown: unknown) => {
      throw thrown instanceof UserError && options.weights === defaultWeights(paper, options.task)
        ? new UserError(
            `${thrown.message}, train one with "npx nx run ${paper.name}:train", or name one with --weights`,
          )
        : thrown;
    },
  );
  if (options.explain) {
    await explain(inferenceGraph(network.create(), network.channels), weights, options, reporter);
    return true;
  }
  const data = options.data === undefined ? await embeddedData('held-out') : await metaData(options.data, options.root);
  await writableFolder(options.out);
  const engine = await chosenEngine(options, reporter);
  const { records } = await evaluate(paper, task, weights, data, reporter, engine, { signal });
  if (signal.aborted) return false;
  const notes = [
    data.note,
    `Protocol ${task.protocol.name}: ${task.protocol.description}`,
    `Weights: ${options.weights}.`,
  ];
  const heading = { title: `${task.network}, ${task.title}`, notes };
  const name = `${paper.name}-${options.task}`;
  for (const file of await writeResults(options.out, name, heading, records)) reporter.wrote(file);
  reporter.result(`${notes.join('\n')}\n\n${summaryTable(records)}`, records);
  return true;
}

/** Where a training with the quick recipe leaves its checkpoint. */
export function defaultWeights(paper: Paper, task: string): string {
  return `runs/${paper.name}/${task}-quick/checkpoint.safetensors`;
}
