import type { Picture } from '@unweather/core-tensor';
import { ssim } from 'ssim.js';

/**
 * SSIM by the library ssim.js, as a second opinion beside a protocol's own. It is another dialect, so the two differ:
 * an 11×11 Gaussian window (σ 1.5) over the valid region with population statistics, on the luma
 * (77·R + 150·G + 29·B + 128) >> 8, where scikit-image has a 7×7 uniform window with sample statistics. Used with its
 * `fast` algorithm (equal to Wang's MATLAB script; the library's default `weber` is an approximation with windows of
 * its own) and without the downsampling that the library otherwise applies to pictures above 256 pixels.
 */
export function secondOpinion(a: Picture, b: Picture): number {
  return ssim(withAlpha(a), withAlpha(b), { ssim: 'fast', downsample: false, rgb2grayVersion: 'integer' }).mssim;
}

/** ssim.js reads RGBA. */
function withAlpha({ width, height, data }: Picture) {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
  }
  return { width, height, data: rgba };
}
