import { fromPlanes, goldenPicture } from '@unweather/core-tensor';
import type { GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { manasProtocol } from '../protocol.js';
import { numbers } from './shared.js';

const PSNR = 'compute_psnr(prediction not clamped, mean over the batch)';
const SSIM = 'ssim(clamped prediction, target)';
const Golden = z.array(
  z.object({
    case: z.string(),
    shape: z.tuple([z.int(), z.literal(3), z.int(), z.int()]),
    prediction: z.literal('0.2*(1.2*image-0.1)+0.85*target, float32'),
    [PSNR]: z.number(),
    [SSIM]: z.number(),
  }),
);

/** Checks the scores of test_view.py on pictures made by formula: metrics.json. */
export function checkMetrics(golden: unknown): GoldenCheck[] {
  return Golden.parse(golden).map(({ case: name, shape, [PSNR]: psnr, [SSIM]: ssim }) => {
    const [count, , height, width] = shape;
    const truth = goldenPicture('target', name, shape).data as Float32Array;
    const image = goldenPicture('input', name, shape).data as Float32Array;
    const prediction = truth.map((value, i) => 0.2 * (1.2 * image[i]! - 0.1) + 0.85 * value);
    const size = 3 * height * width;
    const picture = (values: Float32Array, i: number) =>
      fromPlanes(values.subarray(i * size, (i + 1) * size), width, height, 'rgb');
    const scores = Array.from({ length: count }, (_, i) =>
      manasProtocol.score(picture(prediction, i), picture(truth, i)),
    );
    const mean = (of: (score: (typeof scores)[number]) => number) =>
      scores.reduce((sum, score) => sum + of(score), 0) / count;
    const got = { psnr: mean((score) => score.psnr), ssim: mean((score) => score.ssim) };
    return numbers(name, { psnr, ssim }, got, { relative: 0, absolute: 2e-5 });
  });
}
