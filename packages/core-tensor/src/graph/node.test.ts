import { expect, expectTypeOf, test } from 'vitest';
import { emitOnnx } from '../engines/onnxruntime/emit.js';
import { same } from '../ops/shapes.js';
import { DEVICES } from './device.js';
import { buildGraph } from './graph.js';
import { applyOne, type Op } from './node.js';
import { input, type Tensor } from './tensor.js';

/** An operation that declares no receptive field. */
const undeclared = {
  name: 'undeclared',
  infer: same,
  onnx: () => [] as string[],
};

test('the type checker asks for a receptive field, and for device faults where there is a way around them', () => {
  expectTypeOf(undeclared).not.toExtend<Op>();
  const declared = { ...undeclared, receptiveField: 'whole' as const };
  expectTypeOf(declared).toExtend<Op>();
  const decompose = (inputs: readonly Tensor[]) => [...inputs];
  expectTypeOf({ ...declared, decompose }).not.toExtend<Op>();
  expectTypeOf({ ...declared, faultyOn: DEVICES }).not.toExtend<Op>();
  expectTypeOf({ ...declared, decompose, faultyOn: DEVICES }).toExtend<Op>();
});

test('an operation is decomposed on the devices that it is faulty on, and on no other', () => {
  const op: Op = {
    name: 'faulty',
    infer: same,
    receptiveField: 'pointwise',
    faultyOn: ['webgpu'],
    decompose: ([x]) => [x!],
    onnx: (target, inputs) => [target.node('Faulty', inputs)],
  };
  const graph = buildGraph({ y: applyOne(op, [input('x', [1])], undefined) });
  const isWritten = DEVICES.map((device) => {
    const { bytes } = emitOnnx(graph, new Map(), { device });
    return Buffer.from(bytes).includes('Faulty');
  });
  expect(DEVICES.filter((_, i) => isWritten[i])).toEqual(['cpu', 'cuda']);
});
