import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elements, float32 } from '../graph/tensor-data.js';
import { evaluate64 } from '../reference/evaluate64.js';
import { Random } from '../support/random.js';
import { lossAndGradients, valueAndGradients } from '../test-support.js';
import { DETACHED, USES, type Use } from '../test-support.uses.js';
import * as ops from './index.js';

/** Exports that are not operations on values. */
const OTHERS = ['countOf', 'square'];

test('every operation is here', () => {
  const known = [...Object.keys(USES), ...Object.keys(DETACHED), ...OTHERS];
  expect(known.sort()).toEqual(Object.keys(ops).sort());
});

test.each(Object.entries(USES))('%s', async (_name, uses) => {
  await fc.assert(fc.asyncProperty(uses, expectGradient), { numRuns: 10, seed: 20 });
});

/**
 * In float64, the gradient along a random direction equals a central difference; and onnxruntime, in float32, gives the
 * same output and gradients as the float64 reference.
 */
async function expectGradient({ shapes, run }: Use): Promise<void> {
  const random = new Random(7);
  const draw = () => shapes.map((shape) => Float64Array.from({ length: elements(shape) }, () => random.normal()));
  const [at, direction] = [draw(), draw()];
  const graph = lossAndGradients(run, shapes);
  const results = (step: number) =>
    evaluate64(
      graph,
      Object.fromEntries(
        shapes.map((shape, i) => [`x${i}`, { shape, data: at[i]!.map((v, j) => v + step * direction[i]![j]!) }]),
      ),
    );
  const step = 1e-5;
  const difference = (results(step).loss!.data[0]! - results(-step).loss!.data[0]!) / (2 * step);
  const here = results(0);
  const ours = await valueAndGradients(
    run,
    shapes.map((shape, i) => float32(Float32Array.from(at[i]!), shape)),
  );
  let slope = 0;
  let scale = 1;
  expectNear(ours.output.data, here.output!.data, 1e-4);
  for (const i of shapes.keys()) {
    const gradient = here[`g${i}`];
    expect(ours.gradients[i]?.shape).toEqual(gradient?.shape);
    if (gradient === undefined) continue;
    expectNear(ours.gradients[i]!.data, gradient.data, 1e-3);
    for (const [j, value] of gradient.data.entries()) {
      slope += value * direction[i]![j]!;
      scale += Math.abs(value * direction[i]![j]!);
    }
  }
  expect(Math.abs(slope - difference)).toBeLessThan(1e-6 * scale);
}

function expectNear(ours: ArrayLike<number | bigint>, reference: Float64Array, tolerance: number): void {
  expect(ours.length).toBe(reference.length);
  const largest = reference.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  const worst = reference.reduce((a, b, i) => Math.max(a, Math.abs(Number(ours[i]) - b)), 0);
  expect(worst / largest).toBeLessThan(tolerance);
}
