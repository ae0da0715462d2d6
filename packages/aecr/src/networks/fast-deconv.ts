import {
  add,
  buffer,
  Conv2d,
  constant,
  conv2d,
  countOf,
  currentTrace,
  div,
  l2Norm,
  Module,
  matmul,
  mean,
  mul,
  Parameter,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
  unfold,
} from '@unweather/core-tensor';

const CHANNELS = 3;
const KERNEL = 3;
const FEATURES = CHANNELS * KERNEL * KERNEL;
const EPSILON = 1e-5;
const MOMENTUM = 0.1;
/** Stride of the patches that statistics are computed over: every third one in both directions. */
const SAMPLING = 3;
/** Newton–Schulz iterations: too few to converge for small eigenvalues, but trained weights depend on exactly five. */
const ITERATIONS = 5;

/** Mean [27, 1] of the patches, and the inverse square root [27, 27] of their covariance. */
export interface Whitening {
  readonly mean: Tensor;
  readonly covariance: Tensor;
  readonly inverseRoot: Tensor;
}

/**
 * FastDeconv, "network deconvolution" (Ye et al., ICLR 2020; official file models/deconv.py) as AECR-Net uses it: a 3×3
 * convolution of RGB that whitens its patches first, by folding a mean and an inverse square root into its weights. In
 * training, both come from the batch, and running averages of them are updated; in evaluation, the running averages
 * give a constant convolution. [N, 3, H, W] → [N, 3, H, W].
 */
export class FastDeconv extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly running_mean = buffer([FEATURES], 0);
  readonly running_deconv = new Parameter([FEATURES, FEATURES], identity, false);

  constructor() {
    super();
    const { weight, bias } = new Conv2d(CHANNELS, CHANNELS, KERNEL);
    this.weight = weight;
    this.bias = bias!;
  }

  protected forward(x: Tensor): Tensor {
    const { mean, inverseRoot } = this.whitening(x);
    const weight = matmul(reshape(this.weight.tensor, [CHANNELS, FEATURES]), inverseRoot);
    const bias = sub(this.bias.tensor, reshape(matmul(weight, mean), [CHANNELS]));
    return conv2d(x, reshape(weight, [CHANNELS, CHANNELS, KERNEL, KERNEL]), bias, { padding: square(1) });
  }

  private whitening(x: Tensor): Pick<Whitening, 'mean' | 'inverseRoot'> {
    const { mode, updates } = currentTrace();
    const [runningMean, runningRoot] = [this.running_mean.tensor, this.running_deconv.tensor];
    if (mode === 'eval') return { mean: reshape(runningMean, [FEATURES, 1]), inverseRoot: runningRoot };
    const batch = whiteningOf(x);
    const renew = (running: Tensor, value: Tensor) =>
      updates.set(running, add(mul(running, 1 - MOMENTUM), mul(value, MOMENTUM)));
    renew(runningMean, reshape(batch.mean, [FEATURES]));
    renew(runningRoot, batch.inverseRoot);
    return batch;
  }
}

/** Computes the statistics of a batch's patches, zero-padded by 1. */
export function whiteningOf(x: Tensor): Whitening {
  const patches = unfold(x, KERNEL, { stride: SAMPLING, padding: square(1) });
  const centre = mean(patches, [0, 2]);
  const centred = sub(patches, centre);
  const products = sum(matmul(centred, transpose(centred, [0, 2, 1])), [0]);
  const covariance = add(
    div(reshape(products, [FEATURES, FEATURES]), reshape(countOf(patches, [0, 2]), [1, 1])),
    constant(diagonal(EPSILON), [FEATURES, FEATURES]),
  );
  return { mean: reshape(centre, [FEATURES, 1]), covariance, inverseRoot: inverseRootOf(covariance) };
}

/** A^(−1/2) by coupled Newton–Schulz iterations. */
function inverseRootOf(matrix: Tensor): Tensor {
  const eye = constant(diagonal(1), [FEATURES, FEATURES]);
  const norm = l2Norm(matrix);
  let y = div(matrix, norm);
  let z = eye;
  for (let i = 0; i < ITERATIONS; i++) {
    const t = mul(sub(mul(eye, 3), matmul(z, y)), 0.5);
    y = matmul(y, t);
    z = matmul(t, z);
  }
  return div(z, sqrt(norm));
}

function diagonal(value: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(FEATURES * FEATURES);
  for (let i = 0; i < FEATURES; i++) values[i * FEATURES + i] = value;
  return values;
}

function identity(): Float32Array<ArrayBuffer> {
  return diagonal(1);
}
