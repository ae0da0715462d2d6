import { PRIMITIVES, type Primitive } from '../networks/gates/names.js';
import { BRANCHES, CELLS, EDGES } from '../networks/scales.js';

export const CELL_KINDS = ['horizontal', 'fusion'] as const;
/** Kind of a cell: a residual block on each branch, or an exchange between the scales. */
export type CellKind = (typeof CELL_KINDS)[number];

/** The choices for the three edges of an attention module. */
export type Edges = readonly [Primitive, Primitive, Primitive];
type Three<T> = readonly [T, T, T];

/** Result of a search, with the variant of the network. */
export interface Architecture {
  /** Cells of stages 2, 3 and 4, four each. */
  readonly cells: Three<readonly CellKind[]>;
  /** Edges of the attention modules behind the cells: one choice for all branches of a stage, or one per branch. */
  readonly edges: Three<readonly Edges[]>;
  /** True if stage 1 comes first; an older version of the official code has none. */
  readonly stem: boolean;
  /** Width of all branches, as a fraction of the paper's. */
  readonly width: number;
}

/** The choices for a branch of a stage, both counted from 0. */
export function edgesOf({ edges }: Architecture, stage: 0 | 1 | 2, branch: number): Edges {
  const ofStage = edges[stage];
  return ofStage.length === 1 ? ofStage[0]! : ofStage[branch]!;
}

/**
 * Name of an architecture's network: "MANAS-HHFF-FHFH-HFFH-048-440-344", with cells by their first letter and edges by
 * the numbers of their candidates (nine digits a stage and more where branches differ); "-no-stem" without stage 1,
 * "-x0.5" at half the width. Checkpoints carry the name, so that a network can be made from its file alone.
 */
export function nameOf({ cells, edges, stem, width }: Architecture): string {
  const letters = cells.map((stage) => stage.map((kind) => kind[0]!.toUpperCase()).join(''));
  const digits = edges.map((stage) =>
    stage
      .flat()
      .map((name) => PRIMITIVES.indexOf(name))
      .join(''),
  );
  return ['MANAS', ...letters, ...digits, ...(stem ? [] : ['no-stem']), ...(width === 1 ? [] : [`x${width}`])].join(
    '-',
  );
}

const cellsPattern = `[HF]{${CELLS}}`;
const edgesPattern = (branches: number) => `[0-8]{${EDGES}}|[0-8]{${EDGES * branches}}`;
const NAME = new RegExp(
  `^MANAS-(${cellsPattern})-(${cellsPattern})-(${cellsPattern})-` +
    `${BRANCHES.map((branches) => `(${edgesPattern(branches)})`).join('-')}(-no-stem)?(?:-x([0-9.]+))?$`,
);

/** Architecture of a network's name; undefined for any other text. */
export function architectureNamed(name: string): Architecture | undefined {
  const found = NAME.exec(name);
  if (found === null) return undefined;
  const [, ...parts] = found as unknown as string[];
  const stages = [0, 1, 2] as const;
  return {
    cells: stages.map((stage) =>
      [...parts[stage]!].map((letter) => (letter === 'H' ? 'horizontal' : 'fusion')),
    ) as unknown as Architecture['cells'],
    edges: stages.map((stage) => edgesFrom([...parts[3 + stage]!].map(Number))) as unknown as Architecture['edges'],
    stem: parts[6] === undefined,
    width: Number(parts[7] ?? 1),
  };
}

/** Edges from the chosen column of each row, three rows per attention module. */
export function edgesFrom(columns: readonly number[]): Edges[] {
  return Array.from(
    { length: columns.length / EDGES },
    (_, i) => columns.slice(i * EDGES, (i + 1) * EDGES).map((column) => PRIMITIVES[column]!) as unknown as Edges,
  );
}
