import type { Picture } from '@unweather/core-tensor';
import { basicsrProtocol } from '../protocols/general.js';

/** Measurements of one restored picture, for gates; colours in parts of 255. */
export interface PictureFacts {
  /** RGB PSNR of the input and of the restored picture, in dB. */
  readonly psnrIn: number;
  readonly psnr: number;
  /** Mean absolute Laplacian of the restored picture's grey, divided by the truth's: below 1 where detail is lost. */
  readonly detail: number;
  /** Excess brightness of the outermost pixels over the truth, less that of the pixels next to them. */
  readonly frame: number;
  /** Largest error of the mean colour of a block, in the input and in the restored picture. */
  readonly blockIn: number;
  readonly block: number;
}

/** Side of the blocks, width of the frame and of the band beside it, in pixels. */
const [BLOCK, FRAME, BAND] = [32, 4, 16];

/** Measures a restored picture for gates; all three pictures are of one size, at least 32 pixels each way. */
export function factsOf(input: Picture, restored: Picture, truth: Picture): PictureFacts {
  return {
    psnrIn: basicsrProtocol.score(input, truth).psnr,
    psnr: basicsrProtocol.score(restored, truth).psnr,
    detail: laplacian(restored) / laplacian(truth),
    frame: frameOf(restored, truth),
    blockIn: worstBlock(input, truth),
    block: worstBlock(restored, truth),
  };
}

function grey({ data }: Picture, pixel: number): number {
  return (data[3 * pixel]! + data[3 * pixel + 1]! + data[3 * pixel + 2]!) / 3;
}

/** Mean absolute Laplacian: the four neighbours' sum less four times the pixel. */
function laplacian(picture: Picture): number {
  const { width, height } = picture;
  let sum = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const around = grey(picture, i - 1) + grey(picture, i + 1) + grey(picture, i - width) + grey(picture, i + width);
      sum += Math.abs(around - 4 * grey(picture, i));
    }
  return sum / ((width - 2) * (height - 2));
}

function frameOf(restored: Picture, truth: Picture): number {
  const { width, height } = truth;
  const [outer, inner] = [
    { sum: 0, count: 0 },
    { sum: 0, count: 0 },
  ];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const distance = Math.min(x, y, width - 1 - x, height - 1 - y);
      if (distance >= BAND) continue;
      const part = distance < FRAME ? outer : inner;
      part.sum += grey(restored, y * width + x) - grey(truth, y * width + x);
      part.count++;
    }
  return outer.sum / outer.count - inner.sum / inner.count;
}

/** Largest difference between two pictures in a channel's mean over a whole block of 32×32 pixels. */
function worstBlock(picture: Picture, { width, height, data }: Picture): number {
  let worst = 0;
  for (let top = 0; top + BLOCK <= height; top += BLOCK)
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      const sums = [0, 0, 0];
      for (let y = top; y < top + BLOCK; y++)
        for (let i = 3 * (y * width + left); i < 3 * (y * width + left + BLOCK); i++)
          sums[i % 3]! += picture.data[i]! - data[i]!;
      worst = Math.max(worst, ...sums.map((sum) => Math.abs(sum) / BLOCK ** 2));
    }
  return worst;
}
