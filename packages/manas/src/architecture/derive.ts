import type { State, TensorData } from '@unweather/core-tensor';
import { BRANCHES, CELLS } from '../networks/scales.js';
import { type Architecture, CELL_KINDS, edgesFrom } from './architecture.js';

/** Column of the largest number in each row of a table; the first where several are equal. */
export function argmaxes({ data, shape }: TensorData): number[] {
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, row) => {
    const values = Array.from(data.subarray(row * columns, (row + 1) * columns), Number);
    return values.indexOf(Math.max(...values));
  });
}

/**
 * Derives the architecture from architecture parameters: the largest number of each row wins (official class
 * FixedMixedAutoNet). For edges the official code reads only the first nine rows, three per stage, for all branches of
 * the stage; the second stage thus gets rows that were searched for a branch of the first.
 * @param alphas "arch_param" [12, 2] and "auto_param" [27, 9]
 * @param options perBranch: gives each branch the rows that were searched for it instead
 */
export function derive(
  alphas: State,
  { perBranch = false, width = 1 }: { readonly perBranch?: boolean; readonly width?: number } = {},
): Architecture {
  const kinds = argmaxes(alphas.get('arch_param')!).map((column) => CELL_KINDS[column]!);
  const edges = edgesFrom(argmaxes(alphas.get('auto_param')!));
  const before = (stage: number) => BRANCHES.slice(0, stage).reduce((sum, count) => sum + count, 0);
  const stages = [0, 1, 2];
  return {
    cells: stages.map((stage) => kinds.slice(stage * CELLS, (stage + 1) * CELLS)) as unknown as Architecture['cells'],
    edges: stages.map((stage) =>
      perBranch ? edges.slice(before(stage), before(stage) + BRANCHES[stage]!) : [edges[stage]!],
    ) as unknown as Architecture['edges'],
    stem: true,
    width,
  };
}
