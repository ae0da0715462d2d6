import { Breath } from '../support/breath.js';
import { isUint8Array } from '../support/kinds.js';

/**
 * Converts numbers that a PNG's gAMA encodes to sRGB's encoding, in place, so that the picture looks the same to a
 * viewer that knows nothing of gAMA. The primaries are taken to be sRGB's. Yields to the event loop.
 * @param numbers colours and, in every fourth number where there are four channels, the opacity
 * @param gamma exponent that the file encodes light with: 1 for linear light, 0.45455 for about sRGB's
 */
export async function toSrgbFromGamma(
  numbers: Uint8Array | Uint16Array,
  channels: number,
  gamma: number,
): Promise<void> {
  const most = isUint8Array(numbers) ? 255 : 65535;
  const table = Uint16Array.from({ length: most + 1 }, (_, i) => Math.round(encoded((i / most) ** (1 / gamma)) * most));
  const convert = (part: Uint8Array | Uint16Array) => {
    for (let i = 0; i < part.length; i++) if (channels !== 4 || i % 4 !== 3) part[i] = table[part[i]!]!;
  };
  for await (const part of new Breath().parts(numbers)) convert(part);
}

/** sRGB's encoding of light (IEC 61966-2-1). */
function encoded(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}
