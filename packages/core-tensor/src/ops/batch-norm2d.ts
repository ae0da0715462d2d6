import { applyOne, applyOp, expectRank, type Op, type Result, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import type { TfjsTarget, TfTensor } from '../graph/tfjs-target.js';
import { add } from './add.js';
import { countOf } from './count-of.js';
import { div } from './div.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { reshape, reshapeLike } from './reshape.js';
import { sqrt } from './sqrt.js';
import { sub } from './sub.js';
import { sum } from './sum.js';

interface Attributes {
  /** Added to the variance before its root. */
  readonly epsilon: number;
}

const PICTURE = [0, 2, 3];

const trainOp: Op<Attributes> = {
  name: 'batchNorm2dTrain',
  infer(inputs) {
    const { channels, result } = checked(inputs);
    const statistic: Result = { shape: [1, channels, 1, 1], dtype: 'float32' };
    return [result, result, statistic, statistic, statistic];
  },
  receptiveField: 'whole',
  gradient({ inputs, outputs, upstream, needed }) {
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor];
    const [, centred, , , inverseDeviation] = outputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const dy = upstream[0]!;
    const sumDy = sum(dy, PICTURE);
    const sumDyCentred = sum(mul(dy, centred), PICTURE);
    const dWeight = mul(sumDyCentred, inverseDeviation);
    const scale = mul(perChannel(weight), inverseDeviation);
    const count = countOf(x, PICTURE);
    // dx = scale · (dy − mean(dy) − centred · mean(dy · centred) / variance), with per-channel factors taken together.
    const slope = neg(div(mul(mul(scale, dWeight), inverseDeviation), count));
    const offset = neg(div(mul(scale, sumDy), count));
    const dx = needed[0] ? add(add(mul(dy, scale), mul(centred, slope)), offset) : undefined;
    return [dx, reshapeLike(dWeight, weight), reshapeLike(sumDy, bias)];
  },
  onnx(target, inputs, { epsilon }) {
    const [x, weight, bias] = inputs as [string, string, string];
    const axes = target.ints(PICTURE);
    const flat = target.ints([1, -1, 1, 1]);
    const mean = target.node('ReduceMean', [x, axes], { keepdims: 1 });
    const centred = target.node('Sub', [x, mean]);
    const squares = target.node('Mul', [centred, centred]);
    const variance = target.node('ReduceMean', [squares, axes], { keepdims: 1 });
    const deviation = target.node('Sqrt', [target.node('Add', [variance, target.constant([epsilon], [])])]);
    const inverse = target.node('Div', [target.constant([1], []), deviation]);
    const scale = target.node('Mul', [target.node('Reshape', [weight, flat]), inverse]);
    const shift = target.node('Reshape', [bias, flat]);
    const y = target.node('Add', [target.node('Mul', [centred, scale]), shift]);
    return [y, centred, mean, variance, inverse];
  },
  tfjs(tf, inputs, { epsilon }) {
    const [x, weight, bias] = inputs as [TfTensor, TfTensor, TfTensor];
    const mean = tf.mean(x, PICTURE, true);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.mul(centred, centred), PICTURE, true);
    const one = tf.ones([]);
    const inverse = tf.div(one, tf.sqrt(tf.add(variance, tf.tensor(Float32Array.of(epsilon), [], 'float32'))));
    const scaled = tf.mul(centred, tf.mul(tfPerChannel(tf, weight), inverse));
    return [tf.add(scaled, tfPerChannel(tf, bias)), centred, mean, variance, inverse];
  },
};

const evalOp: Op<Attributes> = {
  name: 'batchNorm2dEval',
  infer: (inputs) => [checked(inputs).result],
  receptiveField: ['pointwise', 'whole', 'whole', 'whole', 'whole'],
  gradient({ inputs, attributes: { epsilon }, upstream, needed }) {
    const [x, weight, bias, mean, variance] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
    const dy = upstream[0]!;
    const deviation = sqrt(add(perChannel(variance), epsilon));
    const normal = div(sub(x, perChannel(mean)), deviation);
    return [
      needed[0] ? mul(dy, div(perChannel(weight), deviation)) : undefined,
      needed[1] ? reshapeLike(sum(mul(dy, normal), PICTURE), weight) : undefined,
      needed[2] ? reshapeLike(sum(dy, PICTURE), bias) : undefined,
    ];
  },
  onnx: (target, inputs, { epsilon }) => [target.node('BatchNormalization', inputs, { epsilon: { float: epsilon } })],
  tfjs(tf, inputs, { epsilon }) {
    const [weight, bias, mean, variance] = inputs.slice(1).map((statistic) => tfPerChannel(tf, statistic)) as [
      TfTensor,
      TfTensor,
      TfTensor,
      TfTensor,
    ];
    const deviation = tf.sqrt(tf.add(variance, tf.tensor(Float32Array.of(epsilon), [], 'float32')));
    return [tf.add(tf.mul(tf.div(tf.sub(inputs[0]!, mean), deviation), weight), bias)];
  },
};

/**
 * Batch normalisation with the batch's own statistics (training).
 * @param x [N, C, H, W]; statistics are taken over N, H and W
 * @param weight [C], @param bias [C]
 * @returns `y` as x; `mean` and `variance` (biased), [1, C, 1, 1]; no gradient passes through the statistics as outputs
 * @throws ShapeError when the channels differ
 */
export function batchNorm2dTrain(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number) {
  const [y, , mean, variance] = applyOp(trainOp, [x, weight, bias], { epsilon });
  return { y: y!, mean: mean!, variance: variance! };
}

/** Batch normalisation with running statistics (evaluation): (x − mean)/√(variance + epsilon)·weight + bias. */
export function batchNorm2dEval(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  mean: Tensor,
  variance: Tensor,
  epsilon: number,
): Tensor {
  return applyOne(evalOp, [x, weight, bias, mean, variance], { epsilon });
}

function tfPerChannel(tf: TfjsTarget, statistic: TfTensor): TfTensor {
  return tf.reshape(statistic, [1, -1, 1, 1]);
}

function perChannel(statistic: Tensor): Tensor {
  return reshape(statistic, [1, -1, 1, 1]);
}

function checked(inputs: readonly Tensor[]): { channels: number | string; result: Result } {
  const [x, ...statistics] = inputs as [Tensor, ...Tensor[]];
  expectRank(x, 4, 'the input');
  const channels = x.shape[1]!;
  for (const statistic of statistics)
    if (statistic.rank !== 1 || statistic.shape[0] !== channels)
      throw new ShapeError(`the input has ${channels} channels, the layer ${statistic.shape[0]}`);
  return { channels, result: { shape: x.shape, dtype: x.dtype } };
}
