import type { Picture } from './picture.js';

/** Bits of OpenCV's fixed-point coefficients. */
const SCALE = 2048;

/**
 * Resizes as `cv2.resize(picture, (width, height))` does by default on bytes, bit for bit: bilinear with 11-bit
 * fixed-point weights, pixel centres aligned; halving both sides exactly averages 2×2 pixels instead.
 */
export function resizedOpenCV(picture: Picture, { width, height }: { width: number; height: number }): Picture {
  if (picture.width === width && picture.height === height) return picture;
  if (picture.width === 2 * width && picture.height === 2 * height) return halved(picture, width, height);
  const columns = taps(picture.width, width);
  const rows = taps(picture.height, height);
  const data = new Uint8Array(width * height * 3);
  const across = (row: number, x: number, channel: number) => {
    const { first, second, weight } = columns[x]!;
    const at = (column: number) => picture.data[(row * picture.width + column) * 3 + channel]!;
    return at(first) * (SCALE - weight) + at(second) * weight;
  };
  for (const [y, { first, second, weight }] of rows.entries())
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        const above = ((SCALE - weight) * (across(first, x, channel) >> 4)) >> 16;
        const below = (weight * (across(second, x, channel) >> 4)) >> 16;
        data[(y * width + x) * 3 + channel] = (above + below + 2) >> 2;
      }
  return { width, height, data };
}

/** The two source positions around each new one, and the weight of the second, in units of 1/2048. */
function taps(from: number, to: number): { first: number; second: number; weight: number }[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.fround((i + 0.5) * (from / to) - 0.5);
    const first = Math.floor(place);
    const inside = (at: number) => Math.min(Math.max(at, 0), from - 1);
    const weight = roundHalfEven(Math.fround(place - first) * SCALE);
    return { first: inside(first), second: inside(first + 1), weight };
  });
}

/** OpenCV's cvRound: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

function halved({ data, width: stride }: Picture, width: number, height: number): Picture {
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        const at = (dy: number, dx: number) => data[((2 * y + dy) * stride + 2 * x + dx) * 3 + channel]!;
        out[(y * width + x) * 3 + channel] = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1) + 2) >> 2;
      }
  return { width, height, data: out };
}
