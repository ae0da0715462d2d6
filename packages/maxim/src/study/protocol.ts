import { asFloats, composeProtocol, gaussian11, lumaMatlab, rgb, rounded } from '@unweather/eval';

/**
 * Scores of the official run_eval.py: PSNR of floats in RGB, not clamped. It prints no SSIM; the one here is the usual one
 * of restoration papers.
 */
export const maximProtocol = composeProtocol({
  name: 'maxim',
  description:
    'output not clamped, not quantised; PSNR of RGB; SSIM of RGB per channel and averaged, with an 11×11 Gaussian window, ' +
    'σ 1.5, inside of the picture alone. The ssim.js columns are that library’s own dialect.',
  quantisation: asFloats,
  colour: rgb,
  window: gaussian11,
});

/** Scores of rain, as the papers that the tables compare with: MATLAB's luma of bytes. */
export const maximRainProtocol = composeProtocol({
  name: 'maxim-rain',
  description:
    'output clamped, ×255, rounded; Y of MATLAB’s rgb2ycbcr, rounded; SSIM with an 11×11 Gaussian window, σ 1.5, inside of ' +
    'the picture alone. The ssim.js columns are that library’s own dialect.',
  quantisation: rounded,
  colour: lumaMatlab,
  window: gaussian11,
});
