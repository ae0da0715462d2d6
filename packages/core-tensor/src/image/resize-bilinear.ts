import { type AnyPicture, type FloatPicture, isBytes } from './picture.js';

/**
 * Resizes as torchvision resizes tensors without antialiasing (PyTorch's `interpolate(mode="bilinear")`): float32,
 * half-pixel centres, the nearest pixels at the border. Bytes count as byte/255; nothing is clamped.
 */
export function resizedBilinear(picture: AnyPicture, size: { width: number; height: number }): FloatPicture {
  const { width, height } = size;
  const scale = isBytes(picture) ? 255 : 1;
  const source = new Float32Array(picture.data).map((value) => value / scale);
  const columns = taps(picture.width, width);
  const rows = taps(picture.height, height);
  const data = new Float32Array(width * height * 3);
  for (const [y, row] of rows.entries())
    for (const [x, column] of columns.entries())
      for (let channel = 0; channel < 3; channel++) {
        const along = (line: number) => {
          const at = (place: number) => source[(line * picture.width + place) * 3 + channel]!;
          return (1 - column.share) * at(column.first) + column.share * at(column.second);
        };
        data[(y * width + x) * 3 + channel] = (1 - row.share) * along(row.first) + row.share * along(row.second);
      }
  return { width, height, data };
}

/** The two source positions around each new one, and the weight of the second. */
function taps(from: number, to: number): { first: number; second: number; share: number }[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.max(0, Math.fround(Math.fround(from / to) * (i + 0.5) - 0.5));
    const first = Math.min(Math.floor(place), from - 1);
    return { first, second: Math.min(first + 1, from - 1), share: Math.fround(place - first) };
  });
}
