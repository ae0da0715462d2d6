/** Learning rate by progress; as data, so that a recipe can carry it. */
export type Schedule =
  | { readonly kind: 'constant' }
  /** Half a cosine from the base rate to 0 over the whole training. */
  | { readonly kind: 'cosine' };

/**
 * The learning rate at a point of training.
 * @param base the rate at the start
 * @param at how many units (epochs, or steps) are done
 * @param total units of the whole training
 */
export function learningRate(schedule: Schedule, base: number, at: number, total: number): number {
  if (schedule.kind === 'constant') return base;
  return 0.5 * base * (1 + Math.cos((Math.PI * at) / total));
}
