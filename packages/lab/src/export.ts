import { formatOf, hashOfWeights, UserError, writeOnnx } from '@unweather/core-tensor';
import { openWeights, saySkipped, type WeightsOptions } from '@unweather/model';
import type { Reporter } from './reporter.js';
import type { Study } from './study.js';
import { RunSettings } from './train/settings.js';

export interface ExportOptions extends WeightsOptions {
  /** Path of the .onnx file to write. */
  readonly out: string;
}

/** Writes a trained network as an .onnx file. @throws UserError for everything a user can fix */
export async function exportOnnx(paper: Study, options: ExportOptions, reporter: Reporter): Promise<void> {
  if (!/\.onnx$/i.test(options.out)) throw new UserError(`${options.out}: the name must end in .onnx`);
  const { name, network, checkpoint } = await openWeights(paper, options, { listener: reporter });
  saySkipped(checkpoint, reporter);
  const { channels, colour, multiple, least } = formatOf(network);
  const { weights, progress } = checkpoint;
  const run = RunSettings.safeParse(progress?.recipe);
  const metadata = {
    paper: paper.title,
    network: name,
    task: options.task,
    colour,
    sides: `multiples of ${multiple}, at least ${least}`,
    ...(run.success && { recipe: JSON.stringify(run.data.recipe) }),
    weights_sha256: hashOfWeights(weights),
  };
  await writeOnnx(options.out, network, weights, { channels, metadata });
  reporter.wrote(options.out);
}
