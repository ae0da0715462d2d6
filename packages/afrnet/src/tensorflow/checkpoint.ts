import {
  type Checkpoint,
  float32,
  type Parameter,
  type State,
  show,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import { readBundle } from './bundle.js';
import { tensorflowName } from './names.js';

/** True if a file's name is that of a TensorFlow checkpoint. */
export function isTensorFlow(path: string): boolean {
  return path.endsWith('.index');
}

/**
 * Reads weights from a TensorFlow checkpoint of the official code; skips and counts its optimiser's variables.
 * @throws UserError naming the file and the first variable that is missing or has another shape
 */
export async function readTensorFlow(
  path: string,
  network: string,
  parameters: ReadonlyMap<string, Parameter>,
): Promise<Checkpoint> {
  const variables = await readBundle(path);
  const weights: State = new Map();
  for (const [name, { shape }] of parameters) {
    const theirs = tensorflowName(name);
    const variable = variables.get(theirs);
    if (variable === undefined)
      throw new UserError(`${path}: variable "${theirs}" is missing; use a checkpoint of ${network}`);
    const value = variable.shape.length === 4 ? kernelOf(variable) : variable;
    if (show(value.shape) !== show(shape))
      throw new UserError(
        `${path}: variable "${theirs}" is ${show(value.shape)}, expected ${show(shape)}; use a checkpoint of ${network}`,
      );
    weights.set(name, value);
  }
  return { path, weights, optimiser: new Map(), skipped: variables.size - weights.size };
}

/** Transposes a kernel [h, w, a, b] to [b, a, h, w]: out × in for a convolution, in × out for a transposed one. */
export function kernelOf({ shape, data }: TensorData): TensorData {
  const [height, width, a, b] = shape as [number, number, number, number];
  const values = new Float32Array(data.length);
  let place = 0;
  for (let i = 0; i < b; i++)
    for (let j = 0; j < a; j++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) values[place++] = Number(data[((y * width + x) * a + j) * b + i]);
  return float32(values, [b, a, height, width]);
}
