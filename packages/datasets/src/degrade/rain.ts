import type { Picture, Random } from '@unweather/core-tensor';

export const RAIN_LEVELS = ['light', 'medium', 'heavy'] as const;
export type RainLevel = (typeof RAIN_LEVELS)[number];

/** Ranges from which one picture's rain is drawn; lengths in pixels. */
interface Rain {
  /** Streaks per 1000 pixels of the picture. */
  readonly density: readonly [number, number];
  readonly length: readonly [number, number];
  /** Distance from a streak's axis at which it has faded to nothing. */
  readonly radius: readonly [number, number];
  /** Brightest value a streak adds to black. */
  readonly brightness: readonly [number, number];
  /** Share of white mist over the whole picture. */
  readonly veil: readonly [number, number];
}

const RAIN: Readonly<Record<RainLevel, Rain>> = {
  light: { density: [4, 7], length: [8, 20], radius: [0.9, 1.3], brightness: [0.4, 0.65], veil: [0, 0] },
  medium: { density: [5, 8], length: [12, 32], radius: [0.9, 1.5], brightness: [0.45, 0.7], veil: [0, 0.02] },
  heavy: { density: [6, 9], length: [16, 45], radius: [0.9, 1.8], brightness: [0.5, 0.8], veil: [0.01, 0.04] },
};

export const DENSE_LEVELS = ['light', 'medium', 'heavy', 'storm'] as const;
export type DenseLevel = (typeof DENSE_LEVELS)[number];

/**
 * Rain with several faint streaks over every pixel. In nine DID-MDN pictures the light added to black has means of
 * 0.04, 0.12 and 0.22 (light, medium, heavy) and deviations of 0.04, 0.07 and 0.11; in Rain100H's, means of 0.1 to 0.3
 * and deviations of 0.1 to 0.18.
 */
const DENSE: Readonly<Record<DenseLevel, Rain>> = {
  light: { density: [40, 75], length: [6, 26], radius: [0.8, 1.2], brightness: [0.06, 0.13], veil: [0, 0] },
  medium: { density: [80, 140], length: [8, 34], radius: [0.8, 1.4], brightness: [0.07, 0.14], veil: [0, 0.02] },
  heavy: { density: [70, 120], length: [8, 42], radius: [0.8, 1.6], brightness: [0.14, 0.24], veil: [0, 0.04] },
  storm: { density: [10, 32], length: [26, 70], radius: [0.8, 2], brightness: [0.2, 0.6], veil: [0, 0.03] },
};

/** Largest angle of the rain from the vertical, in radians: 30°, and 45° for dense rain. */
const [LEAN, DENSE_LEAN] = [Math.PI / 6, Math.PI / 4];
/** Largest deviation of a single streak's angle from the picture's, in radians (2°). */
const JITTER = Math.PI / 90;

/**
 * Adds rain to a photograph. The model: during the exposure each falling drop smears into a straight streak; the wind
 * tilts all streaks of a picture alike; drops near the camera draw long, wide, bright streaks, distant ones short and
 * fine ones. A streak adds to the scene like light in a double exposure, out = in + a·(1 − in), so bright sky hides it
 * and dark ground shows it, as in the DID-MDN pictures whose three levels these imitate. Heavy rain adds a thin white
 * veil. Streaks are white, soft across (a parabola) and fade towards their ends.
 * @param random the stream that decides everything; the same stream gives the same bytes
 */
export function addRain(picture: Picture, level: RainLevel, random: Random): Picture {
  return rained(picture, RAIN[level], LEAN, random);
}

/** Adds dense rain, whose streaks run into each other. 'storm' imitates Rain100H, the other levels DID-MDN. */
export function addDenseRain(picture: Picture, level: DenseLevel, random: Random): Picture {
  return rained(picture, DENSE[level], DENSE_LEAN, random);
}

function rained(picture: Picture, rain: Rain, mostLean: number, random: Random): Picture {
  const { width, height } = picture;
  const light = new Float32Array(width * height).fill(random.between(...rain.veil));
  const lean = random.between(-mostLean, mostLean);
  const brightness = random.between(...rain.brightness);
  const reach = rain.length[1];
  // Streaks centred outside may still cross the picture.
  const area = (width + 2 * reach) * (height + 2 * reach);
  const count = Math.round((random.between(...rain.density) * area) / 1000);
  for (let i = 0; i < count; i++) {
    // Near drops are few: the square makes distant (small) ones the rule.
    const nearness = random.uniform() ** 2;
    drawStreak(light, width, height, {
      x: random.between(-reach, width + reach),
      y: random.between(-reach, height + reach),
      angle: lean + random.between(-JITTER, JITTER),
      length: rain.length[0] + nearness * (rain.length[1] - rain.length[0]),
      radius: rain.radius[0] + nearness * (rain.radius[1] - rain.radius[0]),
      peak: brightness * (0.5 + 0.5 * random.uniform()) * (0.6 + 0.4 * nearness),
    });
  }
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i++) {
    const value = picture.data[i]!;
    data[i] = Math.round(value + light[Math.floor(i / 3)]! * (255 - value));
  }
  return { width, height, data };
}

interface Streak {
  /** Centre, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Angle from the vertical, in radians. */
  readonly angle: number;
  readonly length: number;
  readonly radius: number;
  /** Light at the centre, 0 … 1. */
  readonly peak: number;
}

/** Lays one streak over the light map; overlapping light never exceeds 1. */
function drawStreak(light: Float32Array, width: number, height: number, streak: Streak): void {
  const { x, y, angle, length, radius, peak } = streak;
  const [across, along] = [Math.cos(angle), Math.sin(angle)];
  const half = length / 2;
  const spanX = Math.abs(along) * half + radius + 1;
  const spanY = Math.abs(across) * half + radius + 1;
  for (let py = Math.max(0, Math.ceil(y - spanY)); py <= Math.min(height - 1, y + spanY); py++)
    for (let px = Math.max(0, Math.ceil(x - spanX)); px <= Math.min(width - 1, x + spanX); px++) {
      const dx = px - x;
      const dy = py - y;
      const side = (dx * across - dy * along) / radius;
      const end = (dx * along + dy * across) / half;
      if (Math.abs(side) >= 1 || Math.abs(end) >= 1) continue;
      const value = peak * (1 - side * side) * (1 - end ** 4);
      const i = py * width + px;
      light[i] = light[i]! + value * (1 - light[i]!);
    }
}
