import { float32 } from '@unweather/core-tensor';
import { torchNormals } from '@unweather/datasets';
import { compare, compareSummary, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';

const Golden = z.object({
  seed_low_32: z.int(),
  sigma: z.number(),
  shape: z.array(z.int().positive()),
  all: Summary,
  channel0: Summary,
  first32: z.array(z.number()),
  last16: z.array(z.number()),
});

const TOLERANCE = { relative: 0, absolute: 1e-6 };

/** Checks the seeded Gaussian noise of the test script: noise.json. */
export function checkNoise(golden: unknown): GoldenCheck[] {
  const { seed_low_32, sigma, shape, all, channel0, first32, last16 } = Golden.parse(golden);
  const count = shape.reduce((a, b) => a * b, 1);
  const noise = torchNormals(seed_low_32, count, sigma).map((value) => Math.fround(value / 255));
  const plane = noise.slice(0, count / shape[0]!);
  const numbers = (name: string, values: readonly number[], start: number) => ({
    quantity: name,
    ...compare(
      values.map((value, i) => [String(start + i), value] as const),
      (place) => noise[Number(place)],
      () => TOLERANCE,
    ),
  });
  return [
    { quantity: 'noise', ...compareSummary('noise', all, float32(noise, shape), TOLERANCE) },
    {
      quantity: 'noise of the first channel',
      ...compareSummary('channel 0', channel0, float32(plane, shape.slice(1)), TOLERANCE),
    },
    numbers('first numbers', first32, 0),
    numbers('last numbers', last16, count - last16.length),
  ];
}
