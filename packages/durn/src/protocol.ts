import { composeProtocol, lumaOpenCV, truncated, uniform7 } from '@unweather/eval';

/**
 * How DuRN scores rain streaks (official file test/rain_streak.py): the output is clamped and truncated to bytes; PSNR
 * and SSIM are taken on OpenCV's full-range Y of YCrCb, SSIM as scikit-image's default (7×7 uniform window).
 */
export const rainProtocol = composeProtocol({
  name: 'durn-rain',
  description:
    'output clamped, ×255, truncated to bytes; OpenCV’s full-range Y; PSNR over 255; SSIM with a 7×7 uniform window ' +
    'and sample covariance (scikit-image). The ssim.js columns are that library’s own dialect.',
  quantise: truncated,
  colour: lumaOpenCV,
  window: uniform7,
});
