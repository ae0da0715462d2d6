import { describe, expect, test } from 'vitest';
import { gradients } from '../autodiff/gradients.js';
import { compileHere } from '../engines/onnxruntime/compile.js';
import { buildGraph } from '../graph/graph.js';
import { input, type Tensor } from '../graph/tensor.js';
import { elements, type State, type TensorData } from '../graph/tensor-data.js';
import { trace } from '../graph/trace.js';
import { CONTRASTIVE_LAYERS, contrastive } from '../losses/contrastive.js';
import { ssim } from '../losses/ssim.js';
import { Conv2d } from '../nn/conv2d.js';
import { Module } from '../nn/module.js';
import { initialState } from '../nn/network.js';
import * as ops from '../ops/index.js';
import { golden } from '../test-support.js';
import { Vgg } from '../vgg/vgg.js';
import { goldenPicture, goldenState, shapesOf } from './fill.js';

// Compares parts of the papers' networks with values of their official code.

interface Summary {
  shape: number[];
  mean: number;
  std: number;
  index: number[];
  value: number[];
}

async function run(outputs: Record<string, Tensor>, state: State, feeds: Record<string, TensorData>) {
  const executable = await compileHere(buildGraph(outputs), state);
  const results = await executable.run(feeds);
  await executable.dispose();
  return results;
}

function expectSummary(ours: TensorData, expected: Summary, relative = 1e-4, absolute = 1e-6): void {
  expect(ours.shape).toEqual(expected.shape);
  const values = Array.from(ours.data as Float32Array);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  const pairs: [number, number][] = [
    [mean, expected.mean],
    [std, expected.std],
  ];
  for (const [i, place] of expected.index.entries()) pairs.push([values[place]!, expected.value[i]!]);
  for (const [got, wanted] of pairs)
    expect(Math.abs(got - wanted)).toBeLessThan(relative * (Math.abs(wanted) + expected.std) + absolute);
}

const norm = ({ data }: TensorData) => Math.hypot(...Array.from(data as Float32Array));

test('AECR-Net’s deformable layer: offsets, output and every gradient', async () => {
  interface Dcn {
    case: string;
    input: number[];
    offset_mask: Summary;
    output: Summary;
    gradient: Record<string, Summary>;
  }
  const expected = golden<Dcn>('papers/dcn.a.json');
  class Dcn8 extends Module {
    readonly weight = new Conv2d(8, 6, 3).weight;
    readonly bias = new Conv2d(8, 6, 3).bias!;
    readonly conv_offset_mask = new Conv2d(8, 27, 3, { padding: 1 });
    together!: Tensor;
    protected forward(x: Tensor): Tensor {
      this.together = this.conv_offset_mask.apply(x);
      const mask = ops.sigmoid(ops.slice(this.together, 1, 18));
      const offset = ops.slice(this.together, 1, 0, 18);
      return ops.deformConv2d(x, this.weight.tensor, offset, mask, this.bias.tensor, { padding: ops.square(1) });
    }
  }
  const layer = new Dcn8();
  const parameters = layer.parameters('dcn');
  const state = goldenState(shapesOf(parameters), 1);
  const wide = state.get('dcn.conv_offset_mask.weight')!;
  (wide.data as Float32Array).forEach((value, i, data) => {
    data[i] = value * 4;
  });
  const x = input('x', expected.input);
  const y = trace('train', () => layer.apply(x)).result;
  const target = input('target', expected.output.shape);
  const names = Object.keys(expected.gradient);
  const tensors = names.map((name) => (name === 'input' ? x : parameters.get(`dcn.${name}`)!.tensor));
  const found = gradients(ops.sum(ops.mul(y, target)), tensors);
  const results = await run(
    { together: layer.together, y, ...Object.fromEntries(names.map((name, i) => [name, found[i]!])) },
    state,
    {
      x: goldenPicture('input', expected.case, expected.input),
      target: goldenPicture('target', expected.case, expected.output.shape),
    },
  );
  expectSummary(results.together!, expected.offset_mask);
  expectSummary(results.y!, expected.output);
  for (const name of names) expectSummary(results[name]!, expected.gradient[name]!, 1e-3, 1e-5);
});

test('AECR-Net’s contrastive regularisation through VGG19, its gradient and its ablation', async () => {
  interface Contrast {
    case: string;
    input: number[];
    features_anchor: Summary[];
    loss: number;
    gradient: Summary;
    gradient_norm: number;
    ablation: { loss: number; gradient_norm: number };
    anchor_equals_positive: number;
  }
  const expected = golden<Contrast>('papers/contrast.a.json');
  const vgg = new Vgg('vgg19', CONTRASTIVE_LAYERS);
  const state = goldenState(shapesOf(vgg.parameters('vgg19')), 1);
  const [anchor, positive, negative] = ['anchor', 'positive', 'negative'].map((name) =>
    input(name, expected.input),
  ) as [Tensor, Tensor, Tensor];
  const loss = contrastive(vgg, anchor, positive, negative);
  const ablation = contrastive(vgg, anchor, positive, negative, { positiveOnly: true });
  const features = Object.fromEntries(vgg.apply(anchor).map((feature, i) => [`feature${i}`, feature]));
  const outputs = {
    loss,
    ablation,
    ...features,
    gradient: gradients(loss, [anchor])[0]!,
    bare: gradients(ablation, [anchor])[0]!,
  };
  const feeds = {
    anchor: goldenPicture('input', expected.case, expected.input),
    positive: goldenPicture('target', expected.case, expected.input),
    negative: goldenPicture('negative', expected.case, expected.input),
  };
  const results = await run(outputs, state, feeds);
  for (const [i, summary] of expected.features_anchor.entries()) expectSummary(results[`feature${i}`]!, summary);
  expect(Number(results.loss!.data[0])).toBeCloseTo(expected.loss, 4);
  expect(Number(results.ablation!.data[0])).toBeCloseTo(expected.ablation.loss, 6);
  expectSummary(results.gradient!, expected.gradient, 1e-3);
  expect(norm(results.gradient!) / expected.gradient_norm).toBeCloseTo(1, 3);
  expect(norm(results.bare!) / expected.ablation.gradient_norm).toBeCloseTo(1, 3);
  const same = await run({ loss }, state, { ...feeds, anchor: feeds.positive });
  expect(Number(same.loss!.data[0])).toBe(expected.anchor_equals_positive);
});

describe('multiweather’s resizing of float pictures', () => {
  interface Resize {
    case: string;
    items: { source: [number, number]; size: [number, number]; plain: Summary }[];
  }
  const { case: name, items } = golden<Resize>('papers/resize.json');
  test.each(items)('$source to $size', async ({ source, size, plain }) => {
    const shape = [1, 3, ...source];
    const y = ops.resizeBilinear(input('x', shape), { height: size[0], width: size[1] });
    const results = await run({ y }, new Map(), { x: goldenPicture('input', name, shape) });
    expectSummary({ ...results.y!, shape: results.y!.shape.slice(1) }, plain);
  });
});

describe('MANAS’s SSIM', () => {
  type Case = {
    case: string;
    shape: number[];
    'ssim(image,target)': number;
    grad_norm_wrt_image: number;
    'ssim(target,target)': number;
  };
  test.each(golden<Case[]>('papers/manas-ssim.json'))('$case', async (expected) => {
    const [image, target] = [input('image', expected.shape), input('target', expected.shape)];
    const value = ssim(image, target);
    const outputs = { value, same: ssim(target, target), gradient: gradients(value, [image])[0]! };
    const results = await run(outputs, new Map(), {
      image: goldenPicture('input', expected.case, expected.shape),
      target: goldenPicture('target', expected.case, expected.shape),
    });
    expect(Number(results.value!.data[0])).toBeCloseTo(expected['ssim(image,target)'], 5);
    expect(Number(results.same!.data[0])).toBeCloseTo(expected['ssim(target,target)'], 5);
    expect(norm(results.gradient!) / expected.grad_norm_wrt_image).toBeCloseTo(1, 3);
  });
});

test('both VGGs have torchvision’s names and numbers', () => {
  const counts = (kind: 'vgg16' | 'vgg19', last: number) => {
    const parameters = new Vgg(kind, [last]).parameters();
    const numbers = [...parameters.values()].reduce((sum, { shape }) => sum + elements(shape), 0);
    return [parameters.size, numbers, [...parameters.keys()].at(-1)];
  };
  expect(counts('vgg16', 29)).toEqual([26, 14_714_688, 'features.28.bias']);
  expect(counts('vgg19', 35)).toEqual([32, 20_024_384, 'features.34.bias']);
  expect(initialState(new Vgg('vgg19', [6]).parameters(), 1).size).toBe(6);
});
