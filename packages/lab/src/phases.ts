import { patchOf, type Recipe } from './recipe.js';

/** Steps of a training that one graph serves: patches of one size, statistics frozen or not. */
export interface Phase {
  /** Steps done before its first one, and after its last. */
  readonly from: number;
  readonly to: number;
  readonly crop: Recipe['crop'];
  readonly frozenStatistics: boolean;
}

/** The phases of a training of so many steps; at least one, each of at least one step. */
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

/** Least size of pictures for all patches of a recipe, and for those over which it measures statistics. */
export function leastSize(recipe: Recipe): { readonly width: number; readonly height: number } {
  const { width, height } = patchOf(recipe);
  const squares = [recipe.statistics?.crop ?? 0, ...(recipe.laterCrops ?? []).map(({ crop }) => crop)];
  return { width: Math.max(width, ...squares), height: Math.max(height, ...squares) };
}
