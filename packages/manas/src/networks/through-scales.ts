import type { Module, Tensor } from '@unweather/core-tensor';
import type { Branches, FusionModule, TransitionModule } from './cells.js';

/** Searched stage: opens a branch, runs cells in sequence, then an attention module on each branch. */
export interface Stage {
  readonly transition: TransitionModule;
  readonly cells: readonly Module<[Branches], Branches>[];
  readonly attention: readonly Module[];
}

/** Forward pass of supernet and derived networks: three stages, fusion into one branch, three channels out. */
export function throughScales(x: Tensor, stages: readonly Stage[], fuse: FusionModule, last: Module): Tensor {
  const branches = stages.reduce<Branches>(
    (before, { transition, cells, attention }) =>
      cells
        .reduce((now, cell) => cell.apply(now), transition.apply(before))
        .map((branch, i) => attention[i]!.apply(branch)),
    [x],
  );
  return last.apply(fuse.apply(branches)[0]!);
}
