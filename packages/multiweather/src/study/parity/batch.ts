import { compileHere, goldenPicture, type TensorData, UserError } from '@unweather/core-tensor';
import { type GoldenOptimiser, readOptimiser } from '@unweather/lab';
import { z } from 'zod';
import { MSBDN } from '../../networks/msbdn.js';
import { Teachers } from '../stages/knowledge.js';
import { joined, networkState } from './shared.js';

const Size = z.int().positive();
/** Shape of a batch of RGB pictures. */
export const Batch = z.tuple([Size, z.literal(3), Size, Size]);
/** Number of pictures of each teacher's weather. */
export const Counts = z.array(Size).min(1);

/** Joins the pictures of each teacher's case, "CASE:0", "CASE:1"…, in a row. */
export function picturesOf(
  kind: 'input' | 'target',
  name: string,
  counts: readonly number[],
  size: readonly [height: number, width: number],
): TensorData {
  return joined(counts.map((count, k) => goldenPicture(kind, `${name}:${k}`, [count, 3, ...size])));
}

/** Opens teachers filled by the formula, each with its own seeds. */
export function openTeachers(gain: number, count: number): Promise<Teachers> {
  const states = Array.from({ length: count }, (_, k) => networkState(new MSBDN(), gain, `teacher${k}:`));
  return Teachers.open({ inference: (graph, state) => compileHere(graph, state) }, 1, states);
}

/** Counts teachers by the names of their projectors in a file. @throws UserError if there are none */
export function teachersAmong(names: readonly string[]): number {
  const numbers = names.map((name) => /^ckt:0\.teacher_projectors\.PFPs\.(\d+)\./.exec(name)?.[1]);
  const count = new Set(numbers.filter((number) => number !== undefined)).size;
  if (count === 0)
    throw new UserError('"gradient" names no "ckt:0.teacher_projectors.PFPs.…": teachers cannot be counted');
  return count;
}

/** Optimiser of a file with parameters after a step. @throws UserError if the file does not describe it */
export function optimiserOf(words: string | undefined): GoldenOptimiser {
  if (words === undefined) throw new UserError('"optimiser" is missing, so that its steps cannot be made again');
  return readOptimiser(words);
}
