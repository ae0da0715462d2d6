import { type FloatPicture, toFloats } from '@unweather/core-tensor';
import type { Baseline } from './baseline.js';
import { boxMinimum, type Plane64 } from './box.js';
import { guidedFilter } from './guided-filter.js';

/** Settings of the papers: patch 15×15, 5 % of haze kept, transmission at least 0.1, airlight from 0.1 % of pixels. */
const PATCH_RADIUS = 7;
const KEPT = 0.95;
const LEAST_TRANSMISSION = 0.1;
const BRIGHTEST = 0.001;
/** Settings with which the authors of the guided filter refine transmissions. */
const [RADIUS, EPSILON] = [60, 1e-4];

/** Single image haze removal by the dark channel prior (He, Sun and Tang, CVPR 2009), refined by the guided filter. */
export const darkChannel: Baseline = {
  name: 'dark-channel',
  description: 'the dark channel prior (He, Sun and Tang, CVPR 2009), refined by the guided filter',
  tasks: ['haze'],
  restore(given) {
    const picture = toFloats(given);
    const { width, height, data } = picture;
    const airlight = airlightOf(picture);
    const transmission = transmissionOf(picture, airlight);
    const out = new Float32Array(data.length);
    for (let i = 0; i < out.length; i++) {
      const light = airlight[i % 3]!;
      const t = Math.max(transmission.values[Math.floor(i / 3)]!, LEAST_TRANSMISSION);
      out[i] = Math.min(Math.max((data[i]! - light) / t + light, 0), 1);
    }
    return { width, height, data: out };
  },
};

/** Transmission of every pixel: from the darkest channel of the patch around it, refined along the picture's edges. */
function transmissionOf(picture: FloatPicture, airlight: readonly number[]): Plane64 {
  const dark = darkest(picture, airlight);
  const rough = { ...dark, values: dark.values.map((value) => 1 - KEPT * value) };
  return guidedFilter(grey(picture), rough, RADIUS, EPSILON);
}

/** Minimum over the channels, each divided by its airlight, and over the patch around every pixel. */
function darkest({ width, height, data }: FloatPicture, airlight: readonly number[]): Plane64 {
  const values = new Float64Array(width * height).map((_, i) =>
    Math.min(data[3 * i]! / airlight[0]!, data[3 * i + 1]! / airlight[1]!, data[3 * i + 2]! / airlight[2]!),
  );
  return boxMinimum({ width, height, values }, PATCH_RADIUS);
}

/** Mean colour of the haziest pixels, each channel at least 0.01, since it is a divisor. */
function airlightOf(picture: FloatPicture): number[] {
  const { values } = darkest(picture, [1, 1, 1]);
  const count = Math.max(1, Math.floor(values.length * BRIGHTEST));
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += picture.data[3 * order[i]! + channel]!;
    return Math.max(sum / count, 0.01);
  });
}

function grey({ width, height, data }: FloatPicture): Plane64 {
  const values = new Float64Array(width * height).map(
    (_, i) => 0.299 * data[3 * i]! + 0.587 * data[3 * i + 1]! + 0.114 * data[3 * i + 2]!,
  );
  return { width, height, values };
}
