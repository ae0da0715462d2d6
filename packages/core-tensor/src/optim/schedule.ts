/** Learning rate by progress, as data that a recipe can hold. Units are epochs or steps. */
export type Schedule =
  | { readonly kind: 'constant' }
  /**
   * Half a cosine from the base rate to `floor` (default 0) over the whole training; `ahead` is added to the units
   * done, for scripts that count from 1.
   */
  | { readonly kind: 'cosine'; readonly floor?: number | undefined; readonly ahead?: number | undefined }
  /** Multiplied by `factor` every `every` units. */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  /** Multiplied by `factor` at each milestone, in units. */
  | { readonly kind: 'multi-step'; readonly milestones: readonly number[]; readonly factor: number }
  /** The base rate until `from`, then linear decay to `floor` (default 0) at the end. */
  | { readonly kind: 'linear'; readonly from?: number | undefined; readonly floor?: number | undefined }
  /** Linear rise from `start` (a share of the base rate) over `units`, then another schedule over the rest. */
  | { readonly kind: 'warm-up'; readonly units: number; readonly start: number; readonly rest: Schedule };

/**
 * The learning rate at a point of training.
 * @param base the rate at the start (after a warm-up)
 * @param at units done
 * @param total units of the whole training
 */
export function learningRate(schedule: Schedule, base: number, at: number, total: number): number {
  switch (schedule.kind) {
    case 'constant':
      return base;
    case 'cosine': {
      const { floor = 0, ahead = 0 } = schedule;
      return floor + 0.5 * (base - floor) * (1 + Math.cos((Math.PI * (at + ahead)) / total));
    }
    case 'step':
      return base * schedule.factor ** Math.floor(at / schedule.every);
    case 'multi-step':
      return base * schedule.factor ** schedule.milestones.filter((milestone) => at >= milestone).length;
    case 'linear': {
      const { from = 0, floor = 0 } = schedule;
      return at <= from ? base : base + ((floor - base) * (at - from)) / (total - from);
    }
    case 'warm-up': {
      const { units, start, rest } = schedule;
      if (at < units) return base * (start + ((1 - start) * at) / units);
      return learningRate(rest, base, at - units, total - units);
    }
  }
}
