import type { Picture, Random } from '@unweather/core-tensor';

/** Light that haze scatters towards the eye: R, G, B; white is 255. */
export type Airlight = readonly [number, number, number];

/** Draws a grey between two shares of white; its channels differ from it by up to `tint`, none exceeds white. */
export function drawAirlight(random: Random, [from, to]: readonly [number, number], tint: number): Airlight {
  const grey = random.between(from, to);
  const channel = () => 255 * Math.min(grey + random.between(-tint, tint), 1);
  return [channel(), channel(), channel()];
}

/**
 * Applies Koschmieder's law to sRGB values: I = J·t + A·(1 − t), clipped at white.
 * @param transmission t of the pixel at (x, y), 0 to 1
 */
export function throughHaze(
  { width, height, data: clean }: Picture,
  airlight: Airlight,
  transmission: (x: number, y: number) => number,
): Picture {
  const data = new Uint8Array(clean.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const through = transmission(x, y);
      const i = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++)
        data[i + channel] = Math.min(
          255,
          Math.round(clean[i + channel]! * through + airlight[channel]! * (1 - through)),
        );
    }
  return { width, height, data };
}
