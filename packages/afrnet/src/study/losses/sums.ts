import { mul, sub, sum, type Tensor } from '@unweather/core-tensor';

/** ½·Σ(a − b)² over everything, pictures too: TensorFlow's `l2_loss`, a sum and no mean. */
export function l2(a: Tensor, b: Tensor): Tensor {
  const difference = sub(a, b);
  return mul(sum(mul(difference, difference)), 0.5);
}
