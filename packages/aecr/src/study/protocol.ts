import { clamped, composeProtocol, gaussian11Zero, rgb } from '@unweather/eval';

/** AECR-Net's protocol (official file metrics.py): floats, not bytes; the saved PNG's scores differ slightly. */
export const aecrProtocol = composeProtocol({
  name: 'aecr',
  description:
    'output clamped to [0, 1], not quantised; RGB; PSNR over 1, 100 for identical pictures; SSIM with an 11×11 Gaussian ' +
    'window, σ 1.5, zeros beyond the border (pytorch_ssim). The ssim.js columns are that library’s own dialect.',
  quantisation: clamped,
  colour: rgb,
  identical: 100,
  window: gaussian11Zero,
});
