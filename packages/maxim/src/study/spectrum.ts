import { abs, add, constant, matmul, mean, mul, sub, type Tensor } from '@unweather/core-tensor';

/**
 * Mean absolute value of the real and imaginary parts of the two-dimensional Fourier transform of every plane, as the
 * frequency loss of MIMO-UNet, which the paper refers to, takes it. The transform is two products with matrices of
 * cosines and sines.
 * @param x [N, C, H, W], sizes known
 */
export function meanSpectrum(x: Tensor): Tensor {
  const [rows, columns] = [2, 3].map((axis) => waves(Number(x.shape[axis]))) as [Waves, Waves];
  const [alongCosine, alongSine] = [matmul(x, columns.cosines), matmul(x, columns.sines)];
  const real = sub(matmul(rows.cosines, alongCosine), matmul(rows.sines, alongSine));
  const imaginary = add(matmul(rows.cosines, alongSine), matmul(rows.sines, alongCosine));
  return mul(add(mean(abs(real)), mean(abs(imaginary))), 0.5);
}

interface Waves {
  readonly cosines: Tensor;
  readonly sines: Tensor;
}

/** Cosines and sines of all whole frequencies at all places of an axis, [size, size]; both are symmetric. */
function waves(size: number): Waves {
  const table = (wave: (angle: number) => number) =>
    constant(
      Float32Array.from({ length: size * size }, (_, i) => {
        const turns = ((i % size) * Math.floor(i / size)) % size;
        return wave((2 * Math.PI * turns) / size);
      }),
      [size, size],
    );
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}
