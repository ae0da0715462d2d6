import type { Module, Tensor } from '@unweather/core-tensor';
import type { Branches, FusionModule, TransitionModule } from './cells.js';

/** A stage that is searched: a branch is opened, cells follow one another, each branch has an attention module. */
export interface Stage {
  readonly transition: TransitionModule;
  readonly cells: readonly Module<[Branches], Branches>[];
  readonly attention: readonly Module[];
}

/** What both the supernet and a derived network do: three stages, then all branches in one and three channels of it. */
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
