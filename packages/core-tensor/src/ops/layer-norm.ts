import { mayEqual } from '../graph/dim.js';
import { applyOne, type Op, ShapeError } from '../graph/node.js';
import type { Tensor } from '../graph/tensor.js';
import { add } from './add.js';
import { div } from './div.js';
import { mean } from './mean.js';
import { mul } from './mul.js';
import { same } from './shapes.js';
import { sqrt } from './sqrt.js';
import { sub } from './sub.js';
import { sumTo } from './sum-to.js';

interface Attributes {
  /** Added to the variance before its root. */
  readonly epsilon: number;
}

const op: Op<Attributes> = {
  name: 'layerNorm',
  infer(inputs) {
    const [x, ...affine] = inputs as [Tensor, Tensor, Tensor];
    const size = x.shape.at(-1);
    if (size === undefined) throw new ShapeError('the input must have at least one axis');
    for (const parameter of affine)
      if (parameter.rank !== 1 || !mayEqual(parameter.shape[0]!, size))
        throw new ShapeError(`weight and bias must have ${size} elements, as many as the last axis`);
    return same(inputs);
  },
  receptiveField: 'whole',
  gradient({ inputs, attributes: { epsilon }, upstream, needed }) {
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor];
    const dy = upstream[0]!;
    const centred = sub(x, mean(x, [-1]));
    const deviation = sqrt(add(mean(mul(centred, centred), [-1]), epsilon));
    const normal = div(centred, deviation);
    const scaled = mul(dy, weight);
    const along = mul(normal, mean(mul(scaled, normal), [-1]));
    return [
      needed[0] ? div(sub(sub(scaled, mean(scaled, [-1])), along), deviation) : undefined,
      needed[1] ? sumTo(mul(dy, normal), weight) : undefined,
      needed[2] ? sumTo(dy, bias) : undefined,
    ];
  },
  onnx: (target, inputs, { epsilon }) => [
    target.node('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } }),
  ],
  tfjs(tf, [x, weight, bias], { epsilon }) {
    const last = [x!.shape.length - 1];
    const centred = tf.sub(x!, tf.mean(x!, last, true));
    const variance = tf.mean(tf.mul(centred, centred), last, true);
    const deviation = tf.sqrt(tf.add(variance, tf.tensor(Float32Array.of(epsilon), [], 'float32')));
    return [tf.add(tf.mul(tf.div(centred, deviation), weight!), bias!)];
  },
};

/**
 * Normalises over the last axis: (x − mean)/√(variance + epsilon)·weight + bias, with the biased variance (PyTorch's
 * `functional.layer_norm`).
 * @param x […, C]
 * @param weight [C], @param bias [C]
 * @throws ShapeError when weight or bias have another size than the last axis
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  return applyOne(op, [x, weight, bias], { epsilon });
}
