import {
  buildGraph,
  compileHere,
  type FloatPicture,
  float32,
  fnv1a,
  input,
  type Picture,
  Random,
} from '@unweather/core-tensor';
import { lumaOpenCV } from '@unweather/eval';
import { compare, compareTexts, type GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { greyDifference, targetMask, throughSigned } from '../losses/mask.js';
import { afrnetProtocol, throughSignedBytes } from '../protocol.js';

const Grey = z.object({ residual_mean: z.number(), 'BMSK_sum(target mask)': z.int(), BMSK_first_row: z.string() });
const Golden = z.array(
  z.object({
    case: z.string(),
    size: z.tuple([z.int(), z.int()]),
    rain8_sum: z.int(),
    gt8_sum: z.int(),
    gt8_after_round_trip_sum: z.int(),
    gray_shift_15: Grey,
    evaluation: z.object({
      derained8_sum: z.int(),
      Y_psnr: z.number(),
      Y_ssim: z.number(),
      Y_sum: z.tuple([z.int(), z.int()]),
    }),
  }),
);

/** Checks bytes, the mask made from them, and scores on noise: pipeline.json. */
export async function checkPipeline(golden: unknown): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const expected of Golden.parse(golden)) {
    const { case: name, size, gray_shift_15: grey, evaluation } = expected;
    const [height, width] = size;
    const pixels = height * width;
    const drawn = (seed: string) => {
      const random = new Random(fnv1a(seed));
      return Float64Array.from({ length: 3 * pixels }, () => random.uniform());
    };
    const bytes = (seed: string) => drawn(seed).map((value) => Math.floor(256 * value));
    const [image, truth] = [bytes(`input:${name}`), bytes(`target:${name}`)];
    const rain = truth.map((value, i) => Math.floor(0.75 * value + 0.25 * image[i]!));
    const shape = [1, 3, height, width];
    const tensor = (values: Float64Array) =>
      float32(
        Float32Array.from(values, (value) => value / 255),
        shape,
      );
    const [x, target] = [input('x', shape), input('target', shape)];
    const tensors = {
      trip: throughSigned(target),
      difference: greyDifference(x, target),
      mask: targetMask(x, target),
    };
    const executable = await compileHere(buildGraph(tensors), new Map());
    const results = await executable.run({ x: tensor(rain), target: tensor(truth) });
    await executable.dispose();
    const sum = (values: ArrayLike<number | bigint>) => Array.from(values, Number).reduce((a, b) => a + b, 0);
    const mask = Array.from(results.mask!.data, Number);
    checks.push(
      {
        quantity: `${name}: bytes and mask`,
        ...compareTexts(
          [
            ['rain', expected.rain8_sum],
            ['truth', expected.gt8_sum],
            ['truth after its round trip', expected.gt8_after_round_trip_sum],
            ['mask', grey['BMSK_sum(target mask)']],
            ['first row', grey.BMSK_first_row],
          ],
          [
            ['rain', sum(rain)],
            ['truth', sum(truth)],
            ['truth after its round trip', sum(results.trip!.data)],
            ['mask', sum(mask)],
            ['first row', mask.slice(0, width).join('')],
          ],
        ),
      },
      {
        quantity: `${name}: mean difference`,
        ...compare(
          [['mean', grey.residual_mean]],
          () => sum(results.difference!.data) / pixels,
          () => ({ relative: 1e-5, absolute: 0 }),
        ),
      },
    );
    // 1.2·(0.9·gt + 0.25·(2u − 1)) stands in for an output; gt in [−1, 1], computed in float32.
    const noise = drawn(`input:${name}:out`);
    const output = truth.map((value, i) => {
      const signed = Math.fround(Math.fround(value / 127.5) - 1);
      return Math.fround(1.2 * (0.9 * signed + 0.25 * (2 * noise[i]! - 1)));
    });
    // Converts planes B, G, R to pixels R, G, B.
    const picture = <T>(values: Float64Array, make: (list: number[]) => T): T =>
      make(Array.from({ length: 3 * pixels }, (_, i) => values[(2 - (i % 3)) * pixels + Math.floor(i / 3)]!));
    const restored: FloatPicture = {
      ...{ width, height },
      data: picture(output, (list) => Float32Array.from(list, (value) => (value + 1) / 2)),
    };
    const clean: Picture = { width, height, data: picture(truth, (list) => Uint8Array.from(list)) };
    const scores = afrnetProtocol.score(restored, clean);
    const [ours, theirs] = [throughSignedBytes(restored), throughSignedBytes(clean)];
    const luma = (of: Picture) => sum(lumaOpenCV(of).planes[0]!);
    checks.push(
      {
        quantity: `${name}: evaluated bytes`,
        ...compareTexts([evaluation.derained8_sum, ...evaluation.Y_sum], [sum(ours.data), luma(theirs), luma(ours)]),
      },
      {
        quantity: `${name}: scores`,
        ...compare(
          [
            ['PSNR', evaluation.Y_psnr],
            ['SSIM', evaluation.Y_ssim],
          ],
          (what) => (what === 'PSNR' ? scores.psnr : scores.ssim),
          () => ({ relative: 0, absolute: 1e-5 }),
        ),
      },
    );
  }
  return checks;
}
