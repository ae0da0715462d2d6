import { type FloatPicture, fnv1a, type Picture, Random } from '@unweather/core-tensor';
import type { Protocol } from '@unweather/eval';
import { compare, type GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { hazeFloatProtocol, hazeProtocol, noiseProtocol, rainProtocol } from '../protocol.js';

const Score = z.object({ psnr: z.number(), ssim: z.number() });

const Golden = z.object({
  pairs: z.array(
    z.object({
      name: z.string(),
      height: z.int().positive(),
      width: z.int().positive(),
      noise: z.number(),
      rgb: Score,
      y_rgb: Score,
      y_bgr: Score,
      gray_channel0: Score,
      float: Score,
    }),
  ),
});

/** Protocols by the file's names of scores. `y_bgr` holds the scores of raindrops, whose pictures are read as BGR. */
const PROTOCOLS = {
  rgb: hazeProtocol,
  y_rgb: rainProtocol,
  gray_channel0: noiseProtocol,
  float: hazeFloatProtocol,
} as const satisfies Record<string, Protocol>;

/** Checks the test scripts' scores on pictures made by formula: metrics.json. PSNR to 1e-5 dB, SSIM to 1e-6. */
export function checkMetrics(golden: unknown): GoldenCheck[] {
  return Golden.parse(golden).pairs.flatMap((pair) => {
    const { restored, truth } = made(pair.name, pair.width, pair.height, pair.noise);
    const check = (key: string, protocol: Protocol, score: z.infer<typeof Score>, a: FloatPicture, b: Picture) => {
      const got = protocol.score(a, b);
      const expected = [
        ['psnr', score.psnr],
        ['ssim', score.ssim],
      ] as const;
      return {
        quantity: `${key} of ${pair.name}`,
        ...compare(
          expected,
          (name) => got[name as 'psnr' | 'ssim'],
          (name) => ({ relative: 0, absolute: name === 'psnr' ? 1e-5 : 1e-6 }),
        ),
      };
    };
    const keys = Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[];
    return [
      ...keys.map((key) => check(key, PROTOCOLS[key], pair[key], restored, truth)),
      // The file treats these pictures as BGR; ours are always RGB, so the channels are swapped.
      check('y_bgr', rainProtocol, pair.y_bgr, swapped(restored), swapped(truth)),
    ];
  });
}

function made(name: string, width: number, height: number, noise: number) {
  const count = width * height * 3;
  const uniforms = (seed: string) => {
    const random = new Random(fnv1a(seed));
    return Float64Array.from({ length: count }, () => random.uniform());
  };
  const truth: Picture = {
    width,
    height,
    data: Uint8Array.from(uniforms(`target:${name}`), (u) => Math.floor(256 * u)),
  };
  const disturbance = uniforms(`input:${name}`);
  const data = Float32Array.from(truth.data, (v, i) => Math.fround(v / 255) + noise * (disturbance[i]! - 0.5));
  return { restored: { width, height, data }, truth };
}

function swapped<P extends Picture | FloatPicture>(picture: P): P {
  const data = picture.data.slice();
  for (let i = 0; i < data.length; i += 3) [data[i], data[i + 2]] = [data[i + 2]!, data[i]!];
  return { ...picture, data };
}
