import { Module, Sequential, type Tensor } from '@unweather/core-tensor';
import { type Architecture, type CellKind, edgesOf } from '../architecture/architecture.js';
import { Attention } from './attention.js';
import { FusionModule, HorizontalModule, TransitionModule } from './cells.js';
import { PRIMITIVES, type Primitive } from './gates/names.js';
import { primitive } from './gates/primitives.js';
import { BRANCHES, channelsOf, conv, FORMAT } from './scales.js';
import { EXPANSION, stem } from './stem.js';
import { type Stage, throughScales } from './through-scales.js';

/** Edge with its chosen candidate, which keeps its number among all nine (official class FixedMixOp). */
class Edge extends Module {
  /** Candidates by number; undefined for those that were not chosen. */
  readonly ops: readonly (Module | undefined)[];

  constructor(chosen: Primitive, channels: number) {
    super();
    this.ops = PRIMITIVES.map((name) => (name === chosen ? primitive(name, channels) : undefined));
  }

  protected forward(x: Tensor): Tensor {
    return this.ops.find((op) => op !== undefined)!.apply(x);
  }
}

function cell(kind: CellKind, channels: readonly number[]): HorizontalModule | FusionModule {
  return kind === 'horizontal' ? new HorizontalModule(channels) : new FusionModule(channels);
}

/**
 * Network of an architecture (official class FixedMixedAutoNet) with only the layers it uses; the official one carries
 * all nine candidates of every edge. [N, 3, H, W] RGB in [0, 1] → the clean picture itself, no residual, not clamped.
 * H and W multiples of 8.
 */
export class DerivedNetwork extends Module {
  readonly pictures = FORMAT;
  readonly stage1?: Sequential;
  readonly transition1: TransitionModule;
  readonly stage2: ReturnType<typeof cell>[];
  readonly auto1: Attention[];
  readonly transition2: TransitionModule;
  readonly stage3: ReturnType<typeof cell>[];
  readonly auto2: Attention[];
  readonly transition3: TransitionModule;
  readonly stage4: ReturnType<typeof cell>[];
  readonly auto3: Attention[];
  readonly final_fuse: FusionModule;
  readonly final_conv: Sequential;

  constructor(readonly architecture: Architecture) {
    super();
    const { cells, width, stem: stemmed } = architecture;
    const channels = (stage: number) => channelsOf(BRANCHES[stage]!, width);
    const stage = (index: 0 | 1 | 2) => cells[index].map((kind) => cell(kind, channels(index)));
    const auto = (index: 0 | 1 | 2) =>
      channels(index).map((count, branch) => {
        const chosen = edgesOf(architecture, index, branch);
        return new Attention(count, (edge, half) => new Edge(chosen[edge]!, half));
      });
    const [finest] = channels(0) as [number];
    if (stemmed) this.stage1 = stem(finest);
    this.transition1 = new TransitionModule([stemmed ? finest * EXPANSION : 3], channels(0));
    this.stage2 = stage(0);
    this.auto1 = auto(0);
    this.transition2 = new TransitionModule(channels(0), channels(1));
    this.stage3 = stage(1);
    this.auto2 = auto(1);
    this.transition3 = new TransitionModule(channels(1), channels(2));
    this.stage4 = stage(2);
    this.auto3 = auto(2);
    this.final_fuse = new FusionModule(channels(2), 1);
    this.final_conv = new Sequential(conv(finest, 3, 1));
  }

  protected forward(x: Tensor): Tensor {
    const stages: Stage[] = [
      { transition: this.transition1, cells: this.stage2, attention: this.auto1 },
      { transition: this.transition2, cells: this.stage3, attention: this.auto2 },
      { transition: this.transition3, cells: this.stage4, attention: this.auto3 },
    ];
    return throughScales(this.stage1?.apply(x) ?? x, stages, this.final_fuse, this.final_conv);
  }
}
