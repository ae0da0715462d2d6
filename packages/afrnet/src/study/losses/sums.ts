import { mul, sub, sum, type Tensor } from '@unweather/core-tensor';

/** ½·Σ(a − b)² over all elements, including the batch: TensorFlow's `l2_loss`, a sum, not a mean. */
export function l2(a: Tensor, b: Tensor): Tensor {
  const difference = sub(a, b);
  return mul(sum(mul(difference, difference)), 0.5);
}
