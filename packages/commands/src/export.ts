import { formatOf, hashOfWeights, readCheckpoint, UserError, writeOnnx } from '@unweather/core-tensor';
import { pick } from './pick.js';
import type { Paper } from './recipe.js';
import type { Reporter } from './reporter.js';
import { RunSettings } from './run-state.js';

export interface ExportOptions {
  readonly task: string;
  readonly weights: string;
  /** .onnx file to be written. */
  readonly out: string;
}

/** Writes a trained network as an .onnx file. @throws UserError for everything a user can mend */
export async function exportOnnx(paper: Paper, options: ExportOptions, reporter: Reporter): Promise<void> {
  if (!/\.onnx$/i.test(options.out)) throw new UserError(`${options.out}: let the name end in .onnx`);
  const task = pick('task', paper.tasks, options.task);
  const network = paper.networks[task.network]!.create();
  const { channels, colour, multiple, least } = formatOf(network);
  const { weights, progress } = await readCheckpoint(options.weights, task.network, network.parameters());
  const run = RunSettings.safeParse(progress?.recipe);
  const metadata = {
    paper: paper.title,
    network: task.network,
    task: options.task,
    colour,
    sides: `multiples of ${multiple}, at least ${least}`,
    ...(run.success && { recipe: JSON.stringify(run.data.recipe) }),
    weights_sha256: hashOfWeights(weights),
  };
  await writeOnnx(options.out, network, weights, { channels, metadata });
  reporter.wrote(options.out);
}
