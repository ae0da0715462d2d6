import { join } from 'node:path';
import { type AnyPicture, cut, Random, readPicture, toBytes, toPlanes, writePng } from '@unweather/core-tensor';
import { embeddedPairs, openPair } from '@unweather/datasets';
import { psnr } from '@unweather/eval';

/** Photograph in rain, as a file, with the true picture. */
export interface Rainy {
  readonly file: string;
  readonly truth: AnyPicture;
}

/** Writes the middle of held-out photographs in heavy rain as PNG, `side` pixels wide and high. */
export async function writeRainy(folder: string, count: number, side = 96): Promise<Rainy[]> {
  const heavy = (await embeddedPairs('held-out', 'rain')).filter(({ name }) => name.endsWith('-heavy'));
  const window = { left: 40, top: 40, width: side, height: side };
  return Promise.all(
    heavy.slice(0, count).map(async (source) => {
      const { input, truth } = await openPair(source, Random.named(source.name));
      const file = join(folder, `${source.name}.png`);
      await writePng(file, toBytes(cut(input, window)));
      return { file, truth: cut(truth, window) };
    }),
  );
}

/** Gain of a restored file over the photograph in rain, in decibels of PSNR against the truth. */
export async function gain({ file, truth }: Rainy, restored: string): Promise<number> {
  return nearness(await readPicture(restored), truth) - nearness(await readPicture(file), truth);
}

function nearness(a: AnyPicture, b: AnyPicture): number {
  return psnr(channels(a), channels(b), 1);
}

function channels(picture: AnyPicture) {
  const { width, height } = picture;
  const planes = new Float32Array(3 * width * height);
  toPlanes(picture, 'rgb', planes);
  return { width, height, planes: [Float64Array.from(planes)] };
}
