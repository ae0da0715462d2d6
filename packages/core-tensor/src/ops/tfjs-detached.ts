import type { TfjsTarget, TfTensor } from '../graph/tfjs-target.js';

/** Runs a function in TensorFlow.js without gradients; it has none for comparisons and would fail on them. */
export function detached(
  tf: TfjsTarget,
  inputs: readonly TfTensor[],
  run: (...inputs: TfTensor[]) => TfTensor,
): TfTensor {
  const whole = tf.customGrad((...all) => {
    // TensorFlow.js passes its own function for saving tensors after the inputs.
    const given = all.slice(0, inputs.length);
    return { value: run(...given), gradFunc: () => given.map((x) => tf.zerosLike(x)) };
  });
  return whole(...inputs);
}

/**
 * Copies a tensor of whole numbers so that TensorFlow.js sees no dependency: the gradient of its gather would otherwise
 * ask for one by the indices.
 */
export function copied(tf: TfjsTarget, x: TfTensor): TfTensor {
  return tf.tensor(Int32Array.from(x.dataSync()), x.shape, 'int32');
}
