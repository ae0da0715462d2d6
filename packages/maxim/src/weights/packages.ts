import type { ForeignPackage } from '@unweather/model';
import type { TaskName } from '../model.js';

/** Folder of this package, seen from `dist/weights` and from `src/weights`. */
const HOME = new URL('../../', import.meta.url);

/** Facts of one of UpscalerJS's packages: the damage in its name, the hash of its tensors, and where it is described. */
function upscaler(damage: string, sha256: string, card: string): ForeignPackage {
  return {
    ...{ name: `@upscalerjs/maxim-${damage}`, version: '0.1.0', file: 'models/model.json' },
    ...{ sha256, card: new URL(card, HOME) },
  };
}

/**
 * npm packages of UpscalerJS that hold MAXIM's weights, by task. WEIGHTS.md says what is known about all of them; those
 * that were scored have a card of their own.
 */
export const PACKAGES = {
  rain: upscaler('deraining', '8baae6c59c8bb7c0355083ac9b33e4b5161ced3b43a6e9f24af335c28e4b0126', 'cards/rain.md'),
  haze: upscaler(
    'dehazing-indoor',
    '9a20a0eae487a45b095f43cf840c4eedb4ecdd15da13f2d296cb86fc93392841',
    'cards/haze.md',
  ),
  'haze-outdoor': upscaler(
    'dehazing-outdoor',
    '9b00f66bb8e93ee0bf1779b8febdbb0667fed437d34af51ecf1f1ec48bade61e',
    'WEIGHTS.md',
  ),
  noise: upscaler('denoising', 'd082b19ff33a20ca45757004a42df6f8914f7366d467d24e0bb2f4bbd55306f0', 'WEIGHTS.md'),
  blur: upscaler('deblurring', '5636139d2d0b68e07ce49204f0f3df3ec5c6cacfd55cdc4f89f6550ddedb9b91', 'WEIGHTS.md'),
} satisfies Record<TaskName, ForeignPackage>;
