import { PRIMITIVES, type Primitive } from '../networks/gates/names.js';
import { BRANCHES, CELLS, EDGES } from '../networks/scales.js';

export const CELL_KINDS = ['horizontal', 'fusion'] as const;
/** What a cell does: blocks side by side, or an exchange between the scales. */
export type CellKind = (typeof CELL_KINDS)[number];

/** The choices for the three edges of an attention module. */
export type Edges = readonly [Primitive, Primitive, Primitive];
type Three<T> = readonly [T, T, T];

/** What a search decides, and which network of that kind is meant. */
export interface Architecture {
  /** Of stages 2, 3 and 4, four each. */
  readonly cells: Three<readonly CellKind[]>;
  /** Of the attention modules behind them: one choice for all branches of a stage, or one for each branch. */
  readonly edges: Three<readonly Edges[]>;
  /** Whether the picture goes through stage 1 first; an older state of the official code does without. */
  readonly stem: boolean;
  /** Of all branches, in parts of the paper's. */
  readonly width: number;
}

/** The choices for a branch of a stage, both counted from 0. */
export function edgesOf({ edges }: Architecture, stage: 0 | 1 | 2, branch: number): Edges {
  const ofStage = edges[stage];
  return ofStage.length === 1 ? ofStage[0]! : ofStage[branch]!;
}

/**
 * An architecture as the name of its network: "MANAS-HHFF-FHFH-HFFH-048-440-344", the cells by their first letter, the
 * edges by the numbers of their candidates (nine digits a stage and more where branches differ); "-no-stem" and
 * "-x0.5" where these are so. Checkpoints carry it, so that a network can be made from its file alone.
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

/** The architecture of a name; undefined for another text. */
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

/** Columns of a table's rows, three to an attention module. */
export function edgesFrom(columns: readonly number[]): Edges[] {
  return Array.from(
    { length: columns.length / EDGES },
    (_, i) => columns.slice(i * EDGES, (i + 1) * EDGES).map((column) => PRIMITIVES[column]!) as unknown as Edges,
  );
}
