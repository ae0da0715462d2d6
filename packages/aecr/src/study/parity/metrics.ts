import { type FloatPicture, fromPlanes, goldenPicture, UserError } from '@unweather/core-tensor';
import { compare, type GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { aecrProtocol } from '../protocol.js';

const Golden = z.object({
  pairs: z.array(
    z.object({
      name: z.string(),
      shape: z.tuple([z.int(), z.literal(3), z.int(), z.int()]),
      made: z.string(),
      psnr: z.number(),
      ssim: z.number(),
    }),
  ),
});

type Pair = z.infer<typeof Golden>['pairs'][number];

/** Checks the scores of metrics.py on pictures made by formula: metrics.json. */
export function checkMetrics(golden: unknown): GoldenCheck[] {
  return Golden.parse(golden).pairs.map((pair) => {
    const scores = picturesOf(pair).map(({ restored, truth }) => aecrProtocol.score(restored, truth));
    // metrics.py computes one MSE and one mean of the map over a batch: for equal sizes, the mean over the pictures.
    const psnrOfBatch =
      scores.length === 1
        ? scores[0]!.psnr
        : -10 * Math.log10(scores.reduce((sum, { psnr }) => sum + 10 ** (-psnr / 10), 0) / scores.length);
    const got = { psnr: psnrOfBatch, ssim: scores.reduce((sum, { ssim }) => sum + ssim, 0) / scores.length };
    const expected = [
      ['psnr', pair.psnr],
      ['ssim', pair.ssim],
    ] as const;
    return {
      quantity: pair.name,
      ...compare(
        expected,
        (name) => got[name as keyof typeof got],
        () => ({ relative: 0, absolute: 1e-5 }),
      ),
    };
  });
}

/** Share of noise in "pred = gt + 0.3*(input:CASE - 0.5)"; none in "pred = gt". */
function noiseOf(made: string): number {
  if (/pred = gt$/.test(made)) return 0;
  const share = /pred = gt \+ ([\d.]+)\*/.exec(made)?.[1];
  if (share === undefined) throw new UserError(`made "${made}": only "pred = gt" and "pred = gt + 0.3*…" are known`);
  return Number(share);
}

function picturesOf({ name, shape, made }: Pair): { restored: FloatPicture; truth: FloatPicture }[] {
  const [count, , height, width] = shape;
  const truth = goldenPicture('target', name, shape).data as Float32Array;
  const noise = noiseOf(made);
  const disturbance = goldenPicture('input', name, shape).data as Float32Array;
  const restored = truth.map((value, i) => value + noise * (disturbance[i]! - 0.5));
  const size = 3 * height * width;
  const picture = (values: Float32Array, i: number) =>
    fromPlanes(values.subarray(i * size, (i + 1) * size), width, height, 'rgb');
  return Array.from({ length: count }, (_, i) => ({ restored: picture(restored, i), truth: picture(truth, i) }));
}
