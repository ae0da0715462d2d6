import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gradients } from '../autodiff/gradients.js';
import { compileHere } from '../engines/onnxruntime/compile.js';
import { buildGraph } from '../graph/graph.js';
import { input } from '../graph/tensor.js';
import { float32, type State } from '../graph/tensor-data.js';
import { perceptual } from '../losses/perceptual.js';
import { Conv2d } from '../nn/conv2d.js';
import { initialState } from '../nn/network.js';
import { filling } from '../test-support.js';
import { trainingStep } from '../train/step.js';
import { readVgg } from './read-vgg.js';
import { Vgg, type VggPreprocessing } from './vgg.js';

const file = (name: string) => fileURLToPath(new URL(`../../goldens/checkpoints/${name}`, import.meta.url));

test('torchvision’s file gives the features, what else it holds is left', async () => {
  const vgg = new Vgg('vgg19', [1]);
  const state = await readVgg(vgg, file('vgg-start.pth'));
  expect([...state.keys()]).toEqual(['vgg19.features.0.weight', 'vgg19.features.0.bias']);
  expect(Number(state.get('vgg19.features.0.bias')!.data[3])).toBeCloseTo(Number(filling([64], 1).data[3]), 6);
});

test.each<[VggPreprocessing, (x: number, channel: number) => number]>([
  ['none', (x) => x],
  ['imagenet', (x, c) => (x - [0.485, 0.456, 0.406][c]!) / [0.229, 0.224, 0.225][c]!],
  ['imagenet-vgg-verydeep-19', (x, c) => 255 * x - [123.68, 116.779, 103.939][c]!],
])('preprocessing "%s" is what its name says', async (preprocessing, by) => {
  const plain = new Vgg('vgg19', [0]);
  const prepared = new Vgg('vgg19', [0], preprocessing);
  const state = await readVgg(plain, file('vgg-start.pth'));
  prepared.parameters('vgg19');
  const x = input('x', [1, 3, 4, 4]);
  const ours = filling([1, 3, 4, 4], 0);
  const changed = float32(
    Float32Array.from(ours.data as Float32Array, (v, i) => by(v, Math.floor(i / 16))),
    ours.shape,
  );
  const results = [];
  for (const [vgg, values] of [
    [prepared, ours],
    [plain, changed],
  ] as const) {
    const executable = await compileHere(buildGraph({ y: vgg.apply(x)[0]! }), state);
    results.push((await executable.run({ x: values })).y!);
    await executable.dispose();
  }
  for (const [i, value] of results[0]!.data.entries())
    expect(Math.abs(Number(value) - Number(results[1]!.data[i]))).toBeLessThan(1e-4 * (1 + Math.abs(Number(value))));
});

test('a perceptual loss is 0 for equal pictures, above otherwise, and its gradient stays off the target', async () => {
  const vgg = new Vgg('vgg19', [1]);
  const state = await readVgg(vgg, file('vgg-start.pth'));
  const [output, target] = [input('output', [1, 3, 4, 4]), input('target', [1, 3, 4, 4])];
  const loss = perceptual(vgg, output, target, [1]);
  const [byOutput, byTarget] = gradients(loss, [output, target]);
  expect(byOutput).toBeDefined();
  expect(byTarget).toBeUndefined();
  const executable = await compileHere(buildGraph({ loss }), state);
  const picture = filling([1, 3, 4, 4], 0);
  expect((await executable.run({ output: picture, target: picture })).loss!.data[0]).toBe(0);
  expect(
    Number((await executable.run({ output: picture, target: filling([1, 3, 4, 4], 1) })).loss!.data[0]),
  ).toBeGreaterThan(0.01);
  await executable.dispose();
});

test('a frozen VGG judges a training step and stays as it is', async () => {
  const vgg = new Vgg('vgg19', [1]);
  const frozen = await readVgg(vgg, file('vgg-start.pth'));
  const step = trainingStep(
    new Conv2d(3, 3, 3, { padding: 1 }),
    (output, target) => ({ total: perceptual(vgg, output, target, [1]) }),
    { channels: 3, height: 6, width: 6 },
  );
  const state: State = new Map([...initialState(step.parameters, 1), ...step.optimiserState(), ...frozen]);
  const executable = await compileHere(step.graph, state);
  const batch = { input: filling([1, 3, 6, 6], 0), target: filling([1, 3, 6, 6], 1) };
  const losses: number[] = [];
  for (let i = 1; i <= 5; i++)
    losses.push(Number((await executable.run({ ...batch, ...step.optimiser.inputs(i, 0.01) })).total!.data[0]));
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
  expect([...(await executable.state()).keys()].filter((name) => name.startsWith('vgg19'))).toEqual([]);
  await executable.dispose();
});

describe('without usable weights the error says where they come from', () => {
  test.each<[string, string | undefined, RegExp]>([
    [
      'no file',
      undefined,
      /this needs the vgg19 features for its perceptual term; download .+vgg19-dcbb9e9d\.pth and give the file with --vgg/,
    ],
    ['another checkpoint', file('zip.pth'), /zip\.pth: tensor "features\.0\.weight" is missing; download/],
    [
      'another VGG',
      file('vgg-other.pth'),
      /tensor "features\.0\.weight" is \[2,3,3,3\], expected \[64,3,3,3\]; download/,
    ],
  ])('%s', async (_what, path, message) => {
    await expect(readVgg(new Vgg('vgg19', [1]), path)).rejects.toThrow(message);
  });
});
