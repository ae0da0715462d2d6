import { stat } from 'node:fs/promises';
import { readSafetensors, requireFinite, type State, UserError, writeSafetensors } from '@unweather/core-tensor';

/** Result of halving a file. */
export interface Halved {
  /** Bytes of the original file, and of the one written. */
  readonly before: number;
  readonly after: number;
  /** Largest change of a weight by rounding, and its tensor; '' if there was none. */
  readonly largest: { readonly difference: number; readonly tensor: string };
  /** Number of optimiser tensors left out: nobody resumes training from rounded moments. */
  readonly leftOut: number;
}

/**
 * Writes weights in half precision (float16 .safetensors), rounded to the nearest, ties to even. Texts and integers
 * stay as they are.
 * @throws UserError naming the file: not safetensors, a number too large for half precision, `out` not writable
 */
export async function halve(path: string, out: string): Promise<Halved> {
  if (!/\.safetensors$/i.test(out)) throw new UserError(`${out}: the name must end in .safetensors`);
  const { tensors, metadata } = await readSafetensors(path);
  requireFinite(path, tensors);
  const weights: State = new Map([...tensors].filter(([name]) => !name.startsWith('optimizer.')));
  await writeSafetensors(out, { tensors: weights, metadata }, { half: true });
  const written = await readSafetensors(out);
  let largest = { difference: 0, tensor: '' };
  for (const [tensor, { dtype, data }] of weights) {
    if (dtype !== 'float32') continue;
    const rounded = written.tensors.get(tensor)!.data;
    for (const [i, value] of (data as Float32Array).entries()) {
      const difference = Math.abs(value - Number(rounded[i]));
      if (difference > largest.difference) largest = { difference, tensor };
    }
  }
  const [before, after] = [(await stat(path)).size, (await stat(out)).size];
  return { before, after, largest, leftOut: tensors.size - weights.size };
}
