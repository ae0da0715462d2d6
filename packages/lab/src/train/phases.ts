import { patchOf, type Recipe } from '../recipe.js';

/** Steps of a training that share one graph: one patch size, running statistics frozen or not. */
export interface Phase {
  /** Number of steps done before the phase's first step; `to`: after its last. */
  readonly from: number;
  readonly to: number;
  readonly crop: Recipe['crop'];
  readonly frozenStatistics: boolean;
}

/** Phases of a training of `total` steps: at least one, each of at least one step. */
export function phasesOf(recipe: Recipe, total: number): Phase[] {
  const { frozenStatistics = false, laterCrops = [] } = recipe;
  const at = (share: number) => Math.round(share * total);
  const freezes = typeof frozenStatistics === 'boolean' ? (frozenStatistics ? 0 : total) : at(frozenStatistics.after);
  const crops = laterCrops.map(({ after, crop }) => ({ from: at(after), crop })).sort((a, b) => a.from - b.from);
  const starts = [...new Set([0, freezes, ...crops.map(({ from }) => from)])]
    .filter((start) => start < total)
    .sort((a, b) => a - b);
  return starts.map((from, i) => ({
    from,
    to: starts[i + 1] ?? total,
    crop: crops.findLast((crop) => crop.from <= from)?.crop ?? recipe.crop,
    frozenStatistics: from >= freezes,
  }));
}

/** Minimum size of pictures for all patches of a recipe, including those it measures statistics over. */
export function leastSize(recipe: Recipe): { readonly width: number; readonly height: number } {
  const { width, height } = patchOf(recipe);
  const squares = [recipe.statistics?.crop ?? 0, ...(recipe.laterCrops ?? []).map(({ crop }) => crop)];
  return { width: Math.max(width, ...squares), height: Math.max(height, ...squares) };
}
