import type { Initialiser } from './module.js';

/**
 * PyTorch's default for convolutions and linear layers, weight and bias alike: uniform in ±1/√fan_in
 * (kaiming_uniform with a = √5 comes to the same bound).
 */
export function fanIn(fan: number): Initialiser {
  const bound = 1 / Math.sqrt(fan);
  return uniform(-bound, bound);
}

/** Sets every element to one number. */
export function fill(value: number): Initialiser {
  return (count) => new Float32Array(count).fill(value);
}

/** Draws uniformly from [low, high). */
export function uniform(low: number, high: number): Initialiser {
  return (count, random) => {
    const values = new Float32Array(count);
    // With map, the values of a large network took six times as long.
    for (let i = 0; i < count; i++) values[i] = random.between(low, high);
    return values;
  };
}
