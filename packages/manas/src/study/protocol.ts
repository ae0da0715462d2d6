import { asFloats, clamped, composeProtocol, gaussian11Zero, rgb } from '@unweather/eval';

/** MANAS's scores (official files test_view.py and utils.py), of floats, not bytes. */
export const manasProtocol = composeProtocol({
  name: 'manas-rgb',
  description:
    'both pictures cut to multiples of 8; RGB in floats; PSNR over 1 of the output as it is, not clamped; SSIM of the ' +
    'output clamped to [0, 1], with an 11×11 Gaussian window, σ 1.5, zeros beyond the border (pytorch_ssim). The ssim.js ' +
    'columns are that library’s own dialect.',
  multiple: 8,
  quantisation: asFloats,
  colour: rgb,
  window: gaussian11Zero,
  ssim: { quantisation: clamped, colour: rgb },
});
