/**
 * What a training does when a loss or its state is no longer made of numbers: it stops, leaves the batch out, or goes on
 * from its last good state with half the learning rate.
 */
export const ON_NAN = ['stop', 'skip', 'halve'] as const;
/** What a training does when a loss or its state is no longer made of numbers. */
export type OnNan = (typeof ON_NAN)[number];
