import { gaussian11 } from '../metrics/window.js';
import { lumaMatlab, lumaStudioOfBytes, rgb } from './colour.js';
import { composeProtocol, type Protocol, rounded } from './protocol.js';

const HOW =
  'PSNR over 255; SSIM with an 11×11 Gaussian window, σ 1.5, inside of the picture alone, population statistics. The ssim.js ' +
  'columns are that library’s own dialect.';

/**
 * Protocol of restoration papers' MATLAB code: Y of `rgb2ycbcr` of bytes, itself rounded to bytes; SSIM by Wang's
 * ssim_index.m. MATLAB's own `ssim` differs: it repeats the border.
 */
export const matlabProtocol = composeProtocol({
  name: 'matlab',
  description: `output clamped, ×255, rounded; Y of MATLAB’s rgb2ycbcr, rounded; ${HOW}`,
  quantisation: rounded,
  colour: lumaMatlab,
  window: gaussian11,
});

/** BasicSR's calculate_psnr and calculate_ssim of RGB, without a cropped border. */
export const basicsrProtocol = composeProtocol({
  name: 'basicsr',
  description: `output clamped, ×255, rounded; RGB, SSIM per channel and averaged; ${HOW}`,
  quantisation: rounded,
  colour: rgb,
  window: gaussian11,
});

/** {@link basicsrProtocol} with `test_y_channel`: studio-range luma, not rounded. */
export const basicsrLumaProtocol = composeProtocol({
  name: 'basicsr-y',
  description: `output clamped, ×255, rounded; BT.601’s studio-range luma, not rounded; ${HOW}`,
  quantisation: rounded,
  colour: lumaStudioOfBytes,
  window: gaussian11,
});

/** Protocols that belong to no paper and can score anything. */
export const generalProtocols: readonly Protocol[] = [matlabProtocol, basicsrProtocol, basicsrLumaProtocol];
