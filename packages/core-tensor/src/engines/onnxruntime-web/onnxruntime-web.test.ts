import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import * as ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../graph/graph.js';
import { input } from '../../graph/tensor.js';
import { float32 } from '../../graph/tensor-data.js';
import { l1 } from '../../losses/l1.js';
import { Conv2d } from '../../nn/conv2d.js';
import { inferenceGraph, initialState } from '../../nn/network.js';
import { add } from '../../ops/add.js';
import { EveryOperation, testPicture } from '../../test-support.network.js';
import { trainingStep } from '../../train/step.js';
import { prepareModels } from '../onnxruntime/prepare.js';
import { openEngine } from '../open.js';
import { openWebModels } from './session.js';

const engine = () => openEngine({ engine: 'onnxruntime-web' });

test('a graph of every operation gives what onnxruntime-node gives, at two sizes', async () => {
  const network = new EveryOperation();
  const [graph, weights] = [inferenceGraph(network), initialState(network.parameters(), 1)];
  const opened = [await openEngine(), await engine()];
  expect(opened.map(({ description }) => description)).toEqual(['onnxruntime-node cpu', 'onnxruntime-web wasm']);
  const [native, wasm] = [await opened[0]!.inference(graph, weights), await opened[1]!.inference(graph, weights)];
  for (const [height, width] of [
    [12, 10],
    [16, 24],
  ] as const) {
    const feeds = { input: float32(testPicture(1, height, width), [1, 3, height, width]) };
    const [expected, got] = [(await native.run(feeds)).output!, (await wasm.run(feeds)).output!];
    expect(got.shape).toEqual(expected.shape);
    const theirs = got.data as Float32Array;
    const worst = theirs.reduce((a, value, i) => Math.max(a, Math.abs(value - Number(expected.data[i]))), 0);
    expect(worst).toBeLessThan(1e-4);
  }
  await native.dispose();
  await wasm.dispose();
});

test('the caller’s event loop stays free while a graph runs', async () => {
  const network = new Conv2d(3, 128, 11);
  const opened = await openEngine({ engine: 'onnxruntime-web', threads: 1 });
  const executable = await opened.inference(inferenceGraph(network), initialState(network.parameters(), 1));
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await executable.run({ input: float32(new Float32Array(3 * 200 * 200), [1, 3, 200, 200]) });
  clearInterval(timer);
  await executable.dispose();
  expect(ticks).toBeGreaterThan(3);
});

describe('what it cannot do is refused with what to do', () => {
  test('training, and several graphs over one state', async () => {
    const { training, program } = await engine();
    const loss = (output: ReturnType<typeof input>, target: ReturnType<typeof input>) => ({
      total: l1(output, target),
    });
    const step = trainingStep(new Conv2d(3, 3, 1), loss, { channels: 3, height: 8, width: 8 });
    const message = 'training needs onnxruntime-node; install it with "npm install onnxruntime-node --ignore-scripts"';
    await expect(training(step, initialState(step.parameters, 1))).rejects.toThrow(message);
    await expect(program({ step: step.graph }, initialState(step.parameters, 1))).rejects.toThrow(message);
  });

  test('a GPU', async () => {
    await expect(openEngine({ engine: 'onnxruntime-web', device: 'webgpu' })).rejects.toThrow(
      'device "webgpu" needs onnxruntime-node; install it with "npm install onnxruntime-node --ignore-scripts", or use --device cpu',
    );
  });

  test.each([
    ['not known', 'Hologram', TensorProto_DataType.FLOAT],
    ['without a kernel for its type', 'Asinh', TensorProto_DataType.DOUBLE],
  ])('an operator that is %s', async (_, operator, elemType) => {
    const x = input('x', [1]);
    const prepared = prepareModels(buildGraph({ y: add(x, x) }), new Map(), {});
    const { main } = prepared.models;
    const model = fromBinary(ModelProtoSchema, main!.bytes);
    const { node, input: inputs, output } = model.graph!;
    Object.assign(node[0]!, { opType: operator, input: ['x'] });
    for (const { type } of [...inputs, ...output]) Object.assign(type!.value.value!, { elemType });
    const models = { main: { ...main!, bytes: toBinary(ModelProtoSchema, model) } };
    await expect(openWebModels(ort, { ...prepared, models }, 'wasm')).rejects.toThrow(
      `onnxruntime-web lacks the operator ${operator}, which this network needs; run it with onnxruntime-node`,
    );
  });
});
