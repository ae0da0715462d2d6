/**
 * Reactions of a training to a loss or a state that is no longer made of numbers: it stops, leaves the batch out, or goes on
 * from its last good state with half the learning rate.
 */
export const ON_NAN = ['stop', 'skip', 'halve'] as const;
/** Reaction of a training to a loss or a state that is no longer made of numbers. */
export type OnNan = (typeof ON_NAN)[number];
