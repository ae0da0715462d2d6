import { describe, expect, test } from 'vitest';
import { filling, golden, valueAndGradients } from '../test-support.js';
import { OPERATIONS, type OperationCase } from '../test-support.operations.js';

describe('operations give PyTorch’s values and gradients', () => {
  const cases = golden<OperationCase[]>('ops.json');
  test('every golden operation has a counterpart', () => {
    expect(cases.map(({ name }) => name)).toEqual(Object.keys(OPERATIONS));
  });
  test.each(cases)('$name', async ({ name, inputs, shape, output, gradients }) => {
    const ours = await valueAndGradients(OPERATIONS[name]!, inputs.map(filling));
    expect(ours.output.shape).toEqual(shape);
    expectClose(ours.output.data, output);
    for (const [i, expected] of gradients.entries()) {
      expect(ours.gradients[i]?.shape).toEqual(expected === null ? undefined : inputs[i]);
      if (expected !== null) expectClose(ours.gradients[i]!.data, expected);
    }
  });
});

function expectClose(ours: ArrayLike<number | bigint>, expected: readonly number[]): void {
  expect(ours.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    const allowed = 2e-5 * Math.max(1, Math.abs(value));
    expect(Math.abs(Number(ours[i]) - value), `element ${i}: ${ours[i]} for ${value}`).toBeLessThan(allowed);
  }
}
