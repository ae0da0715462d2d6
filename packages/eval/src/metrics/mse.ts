import { metric } from './metric.js';
import { meanSquaredError } from './psnr.js';

/** Mean squared error of bytes over all pixels and channels (scikit-image's `mean_squared_error`). */
export const mse = metric({
  name: 'mse',
  description: 'mean squared error of RGB bytes',
  better: 'lower',
  decimals: 2,
  noReference: false,
  least: 1,
  measure: (restored, truth) => meanSquaredError(interleaved(restored), interleaved(truth)),
});

/** Bytes of all channels as one plane: the order of the bytes does not matter here. */
function interleaved({ width, height, data }: { width: number; height: number; data: Uint8Array }) {
  return { width: 3 * width, height, planes: [data] };
}
