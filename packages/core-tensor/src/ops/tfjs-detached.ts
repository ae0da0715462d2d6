import type { TfjsTarget, TfTensor } from '../graph/tfjs-target.js';

/** Runs a function in TensorFlow.js through which no gradient passes; of comparisons it knows none and would stop. */
export function detached(
  tf: TfjsTarget,
  inputs: readonly TfTensor[],
  run: (...inputs: TfTensor[]) => TfTensor,
): TfTensor {
  const whole = tf.customGrad((...all) => {
    // After the inputs comes TensorFlow.js's own function for saving tensors.
    const given = all.slice(0, inputs.length);
    return { value: run(...given), gradFunc: () => given.map((x) => tf.zerosLike(x)) };
  });
  return whole(...inputs);
}

/**
 * A tensor of whole numbers that depends on nothing, as far as TensorFlow.js knows: its gradients of gathering would
 * otherwise ask for one by the indices.
 */
export function copied(tf: TfjsTarget, x: TfTensor): TfTensor {
  return tf.tensor(Int32Array.from(x.dataSync()), x.shape, 'int32');
}
