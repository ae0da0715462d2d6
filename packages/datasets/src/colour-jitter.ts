import { type AnyPicture, isBytes, type Random } from '@unweather/core-tensor';

/** A change of a picture's colours. */
export interface ColourJitter {
  /** Source channels of R, G and B. */
  readonly channels: readonly [number, number, number];
  /** Factor on each channel's distance from grey (the mean of the three). */
  readonly saturation: number;
}

/** The six orders of three channels. */
export const CHANNEL_ORDERS: readonly ColourJitter['channels'][] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/**
 * Draws no jitter with probability ½; otherwise one of the six channel orders and a saturation between ½ and 2. A few
 * dozen photographs hold hardly any strong yellow, cyan or magenta, and a network that never saw these colours may do
 * anything to them.
 */
export function drawColourJitter(random: Random): ColourJitter | undefined {
  if (random.uniform() < 0.5) return undefined;
  return { channels: CHANNEL_ORDERS[random.integer(CHANNEL_ORDERS.length)]!, saturation: 0.5 + 1.5 * random.uniform() };
}

/** Applies the jitter, clamped to the picture's range; bytes are rounded. */
export function withColourJitter<P extends AnyPicture>(picture: P, { channels, saturation }: ColourJitter): P {
  const { data } = picture;
  const bytes = isBytes(picture);
  const out = bytes ? new Uint8ClampedArray(data.length) : new Float32Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const grey = (data[i]! + data[i + 1]! + data[i + 2]!) / 3;
    for (let c = 0; c < 3; c++) {
      const value = grey + saturation * (data[i + channels[c]!]! - grey);
      out[i + c] = bytes ? value : Math.min(Math.max(value, 0), 1);
    }
  }
  return { ...picture, data: bytes ? new Uint8Array(out.buffer) : out };
}
