import { describe, expect, test } from 'vitest';
import { readOptimiser } from './optimiser.js';

describe('optimisers in words', () => {
  test.each([
    ['Adam lr 1e-4, betas 0.9 0.999, eps 1e-8', 1e-4, 0, { kind: 'adam', betas: [0.9, 0.999], epsilon: 1e-8 }],
    ['Adam lr 2e-3', 2e-3, 0, { kind: 'adam', betas: [0.9, 0.999], epsilon: 1e-8 }],
    ['4 steps of Adam 1e-3 on a loss', 1e-3, 0, { kind: 'adam', betas: [0.9, 0.999], epsilon: 1e-8 }],
    [
      'Adam lr 3e-4, betas (0.5, 0.99), eps 1e-7, weight decay 1e-3 (L2, added to the gradient)',
      3e-4,
      1e-3,
      { kind: 'adam', betas: [0.5, 0.99], epsilon: 1e-7 },
    ],
    [
      'TensorFlow Adam, lr 1e-4, beta1 0.5, beta2 0.999, epsilon 1e-8, first step',
      1e-4,
      0,
      { kind: 'adam', betas: [0.5, 0.999], epsilon: 1e-8 },
    ],
    ['SGD lr 0.002, momentum 0.9, weight decay 3e-4 (first step)', 0.002, 3e-4, { kind: 'sgd', momentum: 0.9 }],
    ['SGD lr 0.1', 0.1, 0, { kind: 'sgd', momentum: 0 }],
  ])('%s', (words, rate, weightDecay, kind) => {
    const read = readOptimiser(words);
    expect(read).toMatchObject({ kind: kind.kind, rate, weightDecay });
    expect(read.optimiser.kind).toEqual(kind);
    expect(read.optimiser.options.weightDecay ?? 0).toBe(weightDecay);
  });

  test('TensorFlow has a form of its own', () => {
    const corrections = ['Adam lr 1e-4', 'TensorFlow Adam, lr 1e-4'].map(
      (words) => readOptimiser(words).optimiser.inputs(1, 1e-4).sqrt_bias_correction2!.data[0],
    );
    expect(corrections).toEqual([Math.fround(Math.sqrt(1 - 0.999)), 1]);
  });

  test.each(['RMSprop lr 1e-4', 'AdamW lr 1e-4', 'Adam, betas 0.9 0.999', ''])('"%s" is not understood', (words) => {
    expect(() => readOptimiser(words)).toThrow(`optimiser "${words}": it is not understood`);
  });
});
