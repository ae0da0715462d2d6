import { type AnyPicture, toFloats } from '@unweather/core-tensor';

/** Law by which rain's light combines with a scene: screened, in + a·(1 − in), or added and clipped. */
export type Blending = 'screened' | 'added';

/** Light of the weather at every pixel. */
export interface Layer {
  readonly width: number;
  readonly height: number;
  /** Light of each pixel; the mean where it cannot be measured. */
  readonly values: Float64Array;
  /** 1 for pixels whose light can be measured. */
  readonly known: Uint8Array;
  /** The measured values only. */
  readonly told: Float64Array;
}

/** Brightness from which a screened layer's divisor is too small to measure it. */
const BRIGHT = 0.6;

/** Extracts the light of the weather from a picture: the mean of the measurable channels. */
export function layerOf(truth: AnyPicture, input: AnyPicture, blending: Blending): Layer {
  const [clean, rainy] = [toFloats(truth).data, toFloats(input).data];
  const { width, height } = truth;
  const values = new Float64Array(width * height);
  const known = new Uint8Array(values.length);
  const told: number[] = [];
  for (let i = 0; i < values.length; i++) {
    let [sum, channels] = [0, 0];
    for (let channel = 3 * i; channel < 3 * i + 3; channel++) {
      const [before, after] = [clean[channel]!, rainy[channel]!];
      if (blending === 'screened' ? before >= BRIGHT : after >= 1) continue;
      sum += blending === 'screened' ? (after - before) / (1 - before) : after - before;
      channels++;
    }
    if (channels === 0) continue;
    known[i] = 1;
    values[i] = sum / channels;
    told.push(values[i]!);
  }
  const all = Float64Array.from(told);
  const mean = meanOf(all);
  for (let i = 0; i < values.length; i++) if (known[i] === 0) values[i] = mean;
  return { width, height, values, known, told: all };
}

/** Mean of the values; NaN if there are none. */
export function meanOf(values: Float64Array): number {
  return values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0) / values.length;
}
