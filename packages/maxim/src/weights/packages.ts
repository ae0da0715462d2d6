import type { ForeignPackage } from '@unweather/model';

/** Facts of one of UpscalerJS's packages: the damage in its name, its card, and the hash of the tensors. */
function upscaler(damage: string, card: string, sha256: string): ForeignPackage {
  return {
    name: `@upscalerjs/maxim-${damage}`,
    version: '0.1.0',
    file: 'models/model.json',
    sha256,
    card: new URL(`../../cards/${card}.md`, import.meta.url),
  };
}

/** npm packages of UpscalerJS that hold MAXIM's weights, by task. WEIGHTS.md says what is known about them. */
export const PACKAGES = {
  rain: upscaler('deraining', 'rain', '8baae6c59c8bb7c0355083ac9b33e4b5161ced3b43a6e9f24af335c28e4b0126'),
  haze: upscaler('dehazing-indoor', 'haze', '9a20a0eae487a45b095f43cf840c4eedb4ecdd15da13f2d296cb86fc93392841'),
  'outdoor-haze': upscaler(
    'dehazing-outdoor',
    'outdoor-haze',
    '9b00f66bb8e93ee0bf1779b8febdbb0667fed437d34af51ecf1f1ec48bade61e',
  ),
  noise: upscaler('denoising', 'noise', 'd082b19ff33a20ca45757004a42df6f8914f7366d467d24e0bb2f4bbd55306f0'),
  blur: upscaler('deblurring', 'blur', '5636139d2d0b68e07ce49204f0f3df3ec5c6cacfd55cdc4f89f6550ddedb9b91'),
} satisfies Record<string, ForeignPackage>;
