import { type AnyPicture, isBytes, type Picture } from '@unweather/core-tensor';
import { composeProtocol, lumaOpenCV, uniform7 } from '@unweather/eval';

/**
 * Converts a picture to bytes as the official test loop does: v/127.5 − 1 in float32, clamped to [−1, 1], then
 * (x + 1)·127.5 truncated. Input bytes 1 to 63 come out one lower; the truth is converted the same way.
 */
export function throughSignedBytes(picture: AnyPicture): Picture {
  const signed = (value: number) =>
    isBytes(picture) ? Math.fround(Math.fround(value / 127.5) - 1) : Math.fround(2 * value - 1);
  const byte = (value: number) =>
    Math.trunc(Math.fround(Math.fround(Math.min(Math.max(signed(value), -1), 1) + 1) * 127.5));
  return { width: picture.width, height: picture.height, data: Uint8Array.from(picture.data, byte) };
}

/** AFR-Net's protocol (official file metric.py and its test loop). */
export const afrnetProtocol = composeProtocol({
  name: 'afrnet-y-uint8',
  description:
    'output clamped and truncated to bytes by way of [−1, 1], the truth likewise (its bytes 1 to 63 become one lower); ' +
    'OpenCV’s full-range Y; PSNR over 255; SSIM with a 7×7 uniform window and sample covariance (scikit-image). The ssim.js ' +
    'columns are that library’s own dialect.',
  quantisation: { range: 255, quantise: throughSignedBytes },
  colour: lumaOpenCV,
  window: uniform7,
});
