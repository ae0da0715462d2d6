import type { State } from '../../graph/tensor-data.js';
import type { Module } from '../../nn/module.js';
import { inferenceGraph } from '../../nn/network.js';
import { writeWhole } from '../../support/write-whole.js';
import { emitOnnx } from './emit.js';

/**
 * Writes a network with its weights as an .onnx file that any runtime reads: input "input" [batch, channels, height,
 * width] in [0, 1]; output "output"; weights under their state_dict names; any batch, height and width.
 * @param metadata texts stored in the file: paper, recipe, hash of the weights
 * @throws UserError naming the file when it cannot be written
 */
export async function writeOnnx(
  path: string,
  network: Module,
  weights: State,
  { channels = 3, metadata = {} }: { channels?: number; metadata?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  await writeWhole(
    path,
    emitOnnx(inferenceGraph(network, channels), weights, { metadata, withoutPasses: 'all' }).bytes,
  );
}
