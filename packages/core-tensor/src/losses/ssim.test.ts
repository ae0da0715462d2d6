import { expect, test } from 'vitest';
import { gradients } from '../autodiff/gradients.js';
import type { Tensor } from '../graph/tensor.js';
import { elements, float32 } from '../graph/tensor-data.js';
import { mul } from '../ops/mul.js';
import { sub } from '../ops/sub.js';
import { fnv1a, Random } from '../support/random.js';
import { evaluate, golden } from '../test-support.js';
import { l1 } from './l1.js';
import { mse } from './mse.js';
import { ssim } from './ssim.js';

interface Pair {
  name: string;
  shape: number[];
  made: string;
  ssim: number;
  l1: number;
  mse: number;
  total: number;
  total_gradient: { index: number[]; value: number[] };
}

// Skip pairs made by a formula other than "input" and "target": the file describes them in words only.
const pairs = golden<{ pairs: Pair[] }>('ssim.json').pairs.filter(
  ({ made }) => made === 'a = input:CASE, b = target:CASE',
);

test('the golden file has plain pairs', () => expect(pairs.length).toBeGreaterThan(2));

test.each(pairs)('$name, $shape', async ({ name, shape, ...expected }) => {
  const [a, b] = ['input', 'target'].map((kind) => {
    const random = new Random(fnv1a(`${kind}:${name}`));
    return float32(
      Float32Array.from({ length: elements(shape) }, () => random.uniform()),
      shape,
    );
  });
  const results = await evaluate(
    (x, y) => {
      const terms = { ssim: ssim(x!, y!), l1: l1(x!, y!), mse: mse(x!, y!) };
      const total: Tensor = sub(mul(terms.l1, 0.75), mul(terms.ssim, 1.1));
      return { ...terms, total, gradient: gradients(total, [x!])[0]! };
    },
    [a!, b!],
  );
  for (const term of ['ssim', 'l1', 'mse', 'total'] as const)
    expect(Number(results[term]!.data[0])).toBeCloseTo(expected[term], 5);
  const { index, value } = expected.total_gradient;
  for (const [i, place] of index.entries())
    expect(Math.abs(Number(results.gradient!.data[place]) - value[i]!)).toBeLessThan(1e-7 + 1e-3 * Math.abs(value[i]!));
});
