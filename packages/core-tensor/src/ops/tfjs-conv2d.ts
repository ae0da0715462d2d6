import type { TfjsTarget, TfTensor } from '../graph/tfjs-target.js';
import type { Conv2dAttributes } from './conv2d.js';
import { widthsOf } from './pad-shape.js';

const TO_NHWC = [0, 2, 3, 1];
const TO_NCHW = [0, 3, 1, 2];
const TO_HWIO = [2, 3, 1, 0];

/**
 * Convolves in TensorFlow.js. Its gradients support neither dilation nor explicit padding, so the picture is padded and
 * the kernel spread with zeros beforehand; groups are convolved one by one.
 */
export function tfjsConv2d(
  tf: TfjsTarget,
  [x, weight, bias]: readonly TfTensor[],
  { stride, dilation, groups, padding }: Conv2dAttributes,
): TfTensor {
  const padded = tf.pad(x!, widthsOf(padding));
  const kernel = spread(tf, weight!, dilation);
  const perGroup = [x!.shape[1]! / groups, weight!.shape[0]! / groups] as const;
  const parts = Array.from({ length: groups }, (_, group) => {
    const channels = groups === 1 ? padded : part(tf, padded, 1, group * perGroup[0], perGroup[0]);
    const filters = groups === 1 ? kernel : part(tf, kernel, 0, group * perGroup[1], perGroup[1]);
    return tf.conv2d(tf.transpose(channels, TO_NHWC), tf.transpose(filters, TO_HWIO), stride, 'valid');
  });
  const y = tf.transpose(groups === 1 ? parts[0]! : tf.concat(parts, 3), TO_NCHW);
  return bias === undefined ? y : tf.add(y, tf.reshape(bias, [1, -1, 1, 1]));
}

/** Spreads a kernel [O, I, kh, kw] with zeros between its taps. */
export function spread(tf: TfjsTarget, weight: TfTensor, dilation: number): TfTensor {
  if (dilation === 1) return weight;
  const [o, i, kh, kw] = weight.shape as [number, number, number, number];
  const taps = tf.pad(tf.reshape(weight, [o * i, kh, 1, kw, 1]), [
    [0, 0],
    [0, 0],
    [0, dilation - 1],
    [0, 0],
    [0, dilation - 1],
  ]);
  const wide = tf.reshape(taps, [o, i, kh * dilation, kw * dilation]);
  const rows = part(tf, wide, 2, 0, dilation * (kh - 1) + 1);
  return part(tf, rows, 3, 0, dilation * (kw - 1) + 1);
}

/** Slices `count` places of an axis from `start` on. */
export function part(tf: TfjsTarget, x: TfTensor, axis: number, start: number, count: number): TfTensor {
  return tf.slice(
    x,
    x.shape.map((_, at) => (at === axis ? start : 0)),
    x.shape.with(axis, count),
  );
}
