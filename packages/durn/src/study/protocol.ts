import {
  clamped,
  composeProtocol,
  firstChannel,
  lumaOpenCV,
  type ProtocolParts,
  rgb,
  truncated,
  uniform7,
} from '@unweather/eval';

const HOW =
  'PSNR over 255; SSIM with a 7×7 uniform window and sample covariance (scikit-image). The ssim.js columns are that ' +
  'library’s own dialect.';

/** Settings of all DuRN test scripts: whole pictures, output clamped and truncated to bytes, scikit-image defaults. */
const COMMON = { quantisation: truncated, window: uniform7 } as const;

function bytes(name: string, what: string, parts: Pick<ProtocolParts, 'colour' | 'resize' | 'multiple'>) {
  const description = `output clamped, ×255, truncated to bytes; ${what}; ${HOW}`;
  return composeProtocol({ ...COMMON, name, description, ...parts });
}

/** Rain streaks (test/rain_streak.py): OpenCV's full-range Y of YCrCb. */
export const rainProtocol = bytes('durn-rain', 'OpenCV’s full-range Y', { colour: lumaOpenCV });

/** Raindrops (test/raindrop.py): rows and columns beyond a multiple of 4 are cropped; then as for rain streaks. */
export const raindropProtocol = bytes('durn-raindrop', 'sides cut to multiples of 4; OpenCV’s full-range Y', {
  colour: lumaOpenCV,
  multiple: 4,
});

/** Haze, RESIDE (test/haze.py): RGB; SSIM per channel, averaged. */
export const hazeProtocol = bytes('durn-haze', 'RGB, SSIM per channel and averaged', { colour: rgb });

/** Haze, DCPDN (test/haze.py): as RESIDE, but on floats: the output is clamped and not quantised. */
export const hazeFloatProtocol = composeProtocol({
  name: 'durn-haze-float',
  description: `output clamped to [0, 1], not quantised; RGB, SSIM per channel and averaged; ${HOW.replace('255', '1')}`,
  quantisation: clamped,
  window: uniform7,
  colour: rgb,
});

/** Motion blur, GoPro (test/motion_blur.py): both pictures are resized to 640×360 first. */
export const blurProtocol = bytes('durn-blur', 'pictures resized to 640×360; RGB, SSIM per channel and averaged', {
  colour: rgb,
  resize: { width: 640, height: 360 },
});

/** Motion blur, cars (test/motion_blur.py): scores at 360×360, although the script saves pictures at 700×700. */
export const carProtocol = bytes('durn-blur-cars', 'pictures resized to 360×360; RGB, SSIM per channel and averaged', {
  colour: rgb,
  resize: { width: 360, height: 360 },
});

/** Motion blur at the pictures' own size: ours, for pictures that are not GoPro's. */
export const blurWholeProtocol = bytes('durn-blur-whole', 'own size; RGB, SSIM per channel and averaged', {
  colour: rgb,
});

/** Gaussian noise (test/noise.py): the first channel as grey. */
export const noiseProtocol = bytes('durn-noise', 'the first channel as grey', { colour: firstChannel });

/** Real noise (test/noise.py): RGB; SSIM per channel, averaged. */
export const realNoiseProtocol = bytes('durn-real-noise', 'RGB, SSIM per channel and averaged', { colour: rgb });
