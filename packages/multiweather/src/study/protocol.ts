import { type AnyPicture, resizedBilinear } from '@unweather/core-tensor';
import {
  asFloats,
  clamped,
  composeProtocol,
  gaussian11Zero,
  lumaStudio,
  type ProtocolParts,
  rgb,
  uniform7,
} from '@unweather/eval';

const SSIM = 'SSIM of RGB, not clamped, with an 11×11 Gaussian window, σ 1.5, zeros beyond the border (pytorch_ssim)';
const NOTE = 'Floats, not bytes. The ssim.js columns are that library’s own dialect.';

const VALIDATION: Omit<ProtocolParts, 'name' | 'description'> = {
  quantisation: clamped,
  colour: rgb,
  window: gaussian11Zero,
  ssim: { quantisation: asFloats, colour: rgb },
};

/** Scores of the official validation (utils/metrics.py), at the pictures' own size. */
export const multiweatherProtocol = composeProtocol({
  ...VALIDATION,
  name: 'multiweather',
  description: `PSNR of RGB, clamped to [0, 1]; ${SSIM}. ${NOTE}`,
});

/** Scores exactly as in the official validation: input and truth are resized to multiples of 16. */
export const officialProtocol = composeProtocol({
  ...VALIDATION,
  name: 'multiweather-official',
  description: `both pictures resized to multiples of 16; PSNR of RGB, clamped to [0, 1]; ${SSIM}. ${NOTE}`,
  change: toMultiplesOf16,
});

/** Scores of the helpers `cal_psnr` and `cal_ssim` for rain: PSNR of the studio-range luma, SSIM of RGB. */
export const rainProtocol = composeProtocol({
  ...VALIDATION,
  name: 'multiweather-rain',
  description: `PSNR of BT.601's studio-range luma, clamped; ${SSIM}. ${NOTE}`,
  colour: lumaStudio,
});

/** Scores of the same helpers for haze and snow: PSNR of RGB, SSIM of the luma. */
export const hazeSnowProtocol = composeProtocol({
  ...VALIDATION,
  name: 'multiweather-haze-snow',
  description:
    'PSNR of RGB, clamped to [0, 1]; SSIM of BT.601’s studio-range luma, clamped, with a 7×7 uniform window and sample ' +
    `covariance (scikit-image). ${NOTE}`,
  window: uniform7,
  ssim: { quantisation: clamped, colour: lumaStudio },
});

/** Resizes sides down to multiples of 16: bilinear, without antialiasing (torchvision before 0.17). */
export function toMultiplesOf16(picture: AnyPicture): AnyPicture {
  const down = (side: number) => side - (side % 16);
  const [width, height] = [down(picture.width), down(picture.height)];
  return width === picture.width && height === picture.height ? picture : resizedBilinear(picture, { width, height });
}
