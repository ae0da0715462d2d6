import { add, Module, mul, Parameter, Sequential, slice, softmax, type Tensor } from '@unweather/core-tensor';
import { Attention } from './attention.js';
import { type Branches, FusionModule, HorizontalModule, TransitionModule } from './cells.js';
import { PRIMITIVES } from './gates/names.js';
import { primitive } from './gates/primitives.js';
import { BRANCHES, CELLS, channelsOf, conv, EDGES, FORMAT } from './scales.js';
import { EXPANSION, stem } from './stem.js';
import { type Stage, throughScales } from './through-scales.js';

/** Both kinds of cell, one after the other, mixed by the softmax of two numbers. */
class MixedCell extends Module<[Branches], Branches> {
  readonly horizontal: HorizontalModule;
  readonly fuse: FusionModule;

  /** @param row gives the cell's row [1, 2] of the architecture parameters when the cell runs */
  constructor(
    channels: readonly number[],
    private readonly row: () => Tensor,
  ) {
    super();
    this.horizontal = new HorizontalModule(channels);
    this.fuse = new FusionModule(channels);
  }

  /** The fusion takes the output of the horizontal module, not x: the official code overwrites its input list. */
  protected forward(x: Branches): Branches {
    const shares = softmax(this.row(), 1);
    const share = (column: number) => slice(shares, 1, column, column + 1);
    const parallel = this.horizontal.apply(x);
    const fused = this.fuse.apply(parallel);
    return parallel.map((h, i) => add(mul(h, share(0)), mul(fused[i]!, share(1))));
  }
}

/** Sum of all candidates of an edge, each times its own number, without a softmax (official class MixedOp). */
class MixedEdge extends Module {
  readonly ops: readonly Module[];

  /** @param row gives the edge's row [1, 9] of the architecture parameters when the edge runs */
  constructor(
    channels: number,
    private readonly row: () => Tensor,
  ) {
    super();
    this.ops = PRIMITIVES.map((name) => primitive(name, channels));
  }

  protected forward(x: Tensor): Tensor {
    const row = this.row();
    // The first, "none", adds nothing for any number, and passes no gradient to its number.
    return this.ops
      .map((op, column) => ({ op, column }))
      .slice(1)
      .map(({ op, column }) => mul(op.apply(x), slice(row, 1, column, column + 1)))
      .reduce((sum, part) => add(sum, part));
  }
}

/** Number of rows of both tables: cells of all stages; edges of all attention modules. */
const ROWS = { arch_param: 3 * CELLS, auto_param: EDGES * BRANCHES.reduce((sum, count) => sum + count, 0) };

/** Architecture parameters: [12, 2] for cells, [27, 9] for edges of each branch and stage; start as N(0, 1)/1000. */
class Alphas extends Module<[]> {
  readonly arch_param = Alphas.table(ROWS.arch_param, 2);
  readonly auto_param = Alphas.table(ROWS.auto_param, PRIMITIVES.length);

  private static table(rows: number, columns: number): Parameter {
    return new Parameter([rows, columns], (count, random) => new Float32Array(count).map(() => 1e-3 * random.normal()));
  }

  protected forward(): Tensor {
    throw new Error('architecture parameters are read, not run');
  }
}

/**
 * Network of all architectures at once (official class MixedSearchSpace), without the 124 cells of stage 3 that the
 * official one makes and never runs. Takes and gives the same pictures as DerivedNetwork.
 */
export class Supernet extends Module {
  readonly pictures = FORMAT;
  readonly stage1: Sequential;
  readonly transition1: TransitionModule;
  readonly auto1: Attention[];
  readonly stage2: MixedCell[];
  readonly transition2: TransitionModule;
  readonly auto2: Attention[];
  readonly stage3: MixedCell[];
  readonly transition3: TransitionModule;
  readonly auto3: Attention[];
  readonly stage4: MixedCell[];
  readonly final_fuse: FusionModule;
  readonly final_conv: Sequential;
  readonly #alphas = new Alphas();

  /** @param width of all branches, as a fraction of the paper's */
  constructor(readonly width = 1) {
    super();
    const channels = (stage: number) => channelsOf(BRANCHES[stage]!, width);
    const row = (table: 'arch_param' | 'auto_param', at: number) => () =>
      slice(this.#alphas[table].tensor, 0, at, at + 1);
    const stage = (index: number) =>
      Array.from({ length: CELLS }, (_, i) => new MixedCell(channels(index), row('arch_param', index * CELLS + i)));
    const before = (index: number) => BRANCHES.slice(0, index).reduce((sum, count) => sum + count, 0);
    const auto = (index: number) =>
      channels(index).map((count, branch) => {
        const first = (before(index) + branch) * EDGES;
        return new Attention(count, (edge, half) => new MixedEdge(half, row('auto_param', first + edge)));
      });
    const [finest] = channels(0) as [number];
    this.stage1 = stem(finest);
    this.transition1 = new TransitionModule([finest * EXPANSION], channels(0));
    this.auto1 = auto(0);
    this.stage2 = stage(0);
    this.transition2 = new TransitionModule(channels(0), channels(1));
    this.auto2 = auto(1);
    this.stage3 = stage(1);
    this.transition3 = new TransitionModule(channels(1), channels(2));
    this.auto3 = auto(2);
    this.stage4 = stage(2);
    this.final_fuse = new FusionModule(channels(2), 1);
    this.final_conv = new Sequential(conv(finest, 3, 1));
  }

  /** Architecture parameters "arch_param" and "auto_param"; outside the state_dict, like the official ones. */
  alphas(): Map<string, Parameter> {
    return this.#alphas.parameters();
  }

  protected forward(x: Tensor): Tensor {
    const stages: Stage[] = [
      { transition: this.transition1, cells: this.stage2, attention: this.auto1 },
      { transition: this.transition2, cells: this.stage3, attention: this.auto2 },
      { transition: this.transition3, cells: this.stage4, attention: this.auto3 },
    ];
    return throughScales(this.stage1.apply(x), stages, this.final_fuse, this.final_conv);
  }
}
