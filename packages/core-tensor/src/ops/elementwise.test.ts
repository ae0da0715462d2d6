import { expect, expectTypeOf, test } from 'vitest';
import { gradients } from '../autodiff/gradients.js';
import { emitOnnx } from '../engines/onnxruntime/emit.js';
import { buildGraph } from '../graph/graph.js';
import { constant, input, type Operand, type Tensor } from '../graph/tensor.js';
import * as ops from './index.js';

const BINARY = { add: ops.add, sub: ops.sub, mul: ops.mul, div: ops.div, greater: ops.greater, equal: ops.equal };
const x = input('x', [2, 3]);
const model = (y: Tensor) => {
  const [dx] = gradients(ops.sum(y), [x]);
  return emitOnnx(buildGraph({ y, ...(dx && { dx }) }), new Map()).bytes;
};

test.each(Object.entries(BINARY))('%s takes a number on either side as the constant that it is', (_name, run) => {
  for (const value of [0.75, -0, Infinity]) {
    expect(model(run(x, value))).toEqual(model(run(x, constant(value))));
    expect(model(run(value, x))).toEqual(model(run(constant(value), x)));
  }
});

test('where takes numbers for its values', () => {
  const mask = ops.greater(x, 0);
  expect(model(ops.where(mask, x, 0.5))).toEqual(model(ops.where(mask, x, constant(0.5))));
  expect(model(ops.where(mask, 0.5, x))).toEqual(model(ops.where(mask, constant(0.5), x)));
});

test('operands are tensors and numbers, and nothing else', () => {
  for (const run of Object.values(BINARY)) expectTypeOf(run).toEqualTypeOf<(a: Operand, b: Operand) => Tensor>();
  expectTypeOf<Operand>().toEqualTypeOf<Tensor | number>();
  expectTypeOf(ops.where).parameters.toEqualTypeOf<[Tensor, Operand, Operand]>();
});

test('a whole number is a float32 constant: an int64 tensor wants a tensor of its own type', () => {
  expect(() => ops.add(input('i', [2], 'int64'), 1)).toThrow('types differ, int64 and float32');
});
