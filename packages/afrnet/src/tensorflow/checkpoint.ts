import {
  type Checkpoint,
  exists,
  float32,
  listed,
  nearestNames,
  type Parameter,
  readEnd,
  readStart,
  recognise,
  START_BYTES,
  type State,
  show,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import { readBundle } from './bundle.js';
import { tensorflowName } from './names.js';
import { FOOTER_BYTES, isTable } from './table.js';

/** True if a file is the index of a TensorFlow checkpoint by its last bytes, or by its name if it is no other weights. */
export async function isTensorFlow(path: string): Promise<boolean> {
  if (!path.endsWith('.index') && !(await exists(path))) return false;
  if (isTable(await readEnd(path, FOOTER_BYTES, 'check the path of the checkpoint'))) return true;
  return path.endsWith('.index') && recognise(await readStart(path, START_BYTES, 'check the path')) === undefined;
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
      throw new UserError(
        `${path}: variable "${theirs}" is missing; the nearest of its ${variables.size} names are ` +
          `${listed(nearestNames(variables.keys(), theirs, 3))}; use a checkpoint of ${network}`,
      );
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
