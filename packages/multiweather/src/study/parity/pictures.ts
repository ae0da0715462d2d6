import {
  type AnyPicture,
  type FloatPicture,
  float32,
  fromPlanes,
  goldenPicture,
  type Picture,
  Random,
  resizedBilinear,
  type TensorData,
  toPlanes,
  UserError,
} from '@unweather/core-tensor';
import { clamped, lumaStudio, type Protocol } from '@unweather/eval';
import { compare, compareSummary, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { smallPair } from '../data/small-pair.js';
import { hazeSnowProtocol, multiweatherProtocol, rainProtocol, toMultiplesOf16 } from '../protocol.js';
import { rounded } from '../rounded.js';
import { openNetwork } from './network.js';
import { VALUE } from './shared.js';

const Shape = z.tuple([z.int(), z.int(), z.int(), z.int()]);

const Metrics = z.object({
  pairs: z.array(
    z.object({
      case: z.string(),
      shape: Shape,
      pair: z.enum(['random', 'near', 'outside', 'near-outside']),
      torchPSNR: z.number(),
      pytorch_ssim: z.number(),
      cal_psnr_rain: z.number().optional(),
      cal_psnr_other: z.number().optional(),
      cal_ssim_rain: z.number().optional(),
      cal_ssim_other: z.number().optional(),
      luma_of_pred: Summary.optional(),
    }),
  ),
});

const MIX = {
  random: (a: number) => a,
  near: (a: number, b: number) => 0.9 * b + 0.1 * a,
  outside: (a: number) => 1.4 * a - 0.2,
  'near-outside': (_: number, b: number) => 1.2 * b - 0.1,
} as const;

/** Checks PSNR (to 1e-5 dB), SSIM (to 1e-4) and luma of pairs inside and outside [0, 1]: metrics.json. */
export function checkMetrics(golden: unknown): GoldenCheck[] {
  return Metrics.parse(golden).pairs.flatMap((row) => {
    const pictures = picturesOf(row.case, row.shape, row.pair);
    const scores = (protocol: Protocol) => pictures.map(({ a, b }) => protocol.score(a, b));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // The official code computes one PSNR over all elements of a batch.
    const ofBatch = (values: number[]) => -10 * Math.log10(mean(values.map((value) => 10 ** (-value / 10))));
    const got: Record<string, number> = {
      torchPSNR: ofBatch(scores(multiweatherProtocol).map(({ psnr }) => psnr)),
      pytorch_ssim: mean(scores(multiweatherProtocol).map(({ ssim }) => ssim)),
      cal_psnr_rain: ofBatch(scores(rainProtocol).map(({ psnr }) => psnr)),
      cal_ssim_rain: mean(scores(rainProtocol).map(({ ssim }) => ssim)),
      cal_psnr_other: ofBatch(scores(hazeSnowProtocol).map(({ psnr }) => psnr)),
      cal_ssim_other: mean(scores(hazeSnowProtocol).map(({ ssim }) => ssim)),
    };
    const expected = Object.keys(got).flatMap((name): [string, number][] => {
      const value = row[name as 'torchPSNR'];
      return value === undefined ? [] : [[name, value]];
    });
    const scored = {
      quantity: `${row.case}, ${row.pair}`,
      ...compare(
        expected,
        (name) => got[name],
        (name) => ({ relative: 0, absolute: name.toLowerCase().includes('psnr') ? 1e-5 : 1e-4 }),
      ),
    };
    const luma = row.luma_of_pred;
    if (luma === undefined) return [scored];
    const ours = lumaOf(clampedOf(pictures[0]!.a));
    return [scored, { quantity: `luma of ${scored.quantity}`, ...compareSummary('luma', luma, ours, VALUE) }];
  });
}

function picturesOf(name: string, shape: z.infer<typeof Shape>, pair: keyof typeof MIX) {
  const [count, channels, height, width] = shape;
  const [a, b] = [goldenPicture('input', name, shape), goldenPicture('target', name, shape)].map(
    ({ data }) => data as Float32Array,
  ) as [Float32Array, Float32Array];
  const mixed = a.map((value, i) => MIX[pair](value, b[i]!));
  const size = channels * height * width;
  const picture = (values: Float32Array, i: number) =>
    fromPlanes(values.subarray(i * size, (i + 1) * size), width, height, 'rgb');
  return Array.from({ length: count }, (_, i) => ({ a: picture(mixed, i), b: picture(b, i) }));
}

const clampedOf = (picture: FloatPicture) => clamped.quantise(picture) as FloatPicture;

/** Luma of a possible network output, in the shape of the file's summaries. */
function lumaOf(picture: FloatPicture): TensorData {
  const { planes, width, height } = lumaStudio(picture);
  return float32(Float32Array.from(planes[0]!), [height, width, 1]);
}

const Resize = z.object({
  case: z.string(),
  items: z.array(z.object({ source: z.tuple([z.int(), z.int()]), size: z.tuple([z.int(), z.int()]), plain: Summary })),
});

/** Checks bilinear resizing without antialiasing: resize.json. */
export function checkResize(golden: unknown): GoldenCheck[] {
  const { case: name, items } = Resize.parse(golden);
  return items.map(({ source: [height, width], size, plain }) => {
    const values = goldenPicture('input', name, [3, height, width]).data as Float32Array;
    const resized = resizedBilinear(fromPlanes(values, width, height, 'rgb'), { height: size[0], width: size[1] });
    const quantity = `${height}×${width} to ${size.join('×')}`;
    return { quantity, ...compareSummary(quantity, plain, planesOf(resized), VALUE) };
  });
}

const Inference = z.object({
  case: z.string(),
  /** Text; "network (gain 0.6)" in it gives the gain of the network's weights. */
  kind: z.string(),
  image: z.tuple([z.int(), z.int(), z.int()]),
  tensor: Summary,
  prediction: Summary,
  png: Summary,
});

/** Checks the official inference, from bytes to bytes: inference.*.json. */
export async function checkInference(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, kind, image, tensor, prediction, png } = Inference.parse(golden);
  const gain = /gain ([\d.]+)/.exec(kind)?.[1];
  if (gain === undefined) throw new UserError(`kind "${kind}": it does not say "gain …" of the network`);
  const resized = toMultiplesOf16(bytesOf(`input:${name}`, image[1], image[0]));
  const executable = await openNetwork(Number(gain));
  try {
    const given = planesOf(resized);
    const { output } = await executable.run({ input: { ...given, shape: [1, ...given.shape] } });
    const saved = rounded(fromPlanes(output!.data as Float32Array, resized.width, resized.height, 'rgb'));
    const bytes = float32(Float32Array.from(saved.data), [resized.height, resized.width, 3]);
    return [
      { quantity: 'resized picture', ...compareSummary('tensor', tensor, given, VALUE) },
      { quantity: 'prediction', ...compareSummary('prediction', prediction, output!, VALUE) },
      // A value halfway between two bytes may be rounded to either.
      { quantity: 'saved bytes', ...compareSummary('png', png, bytes, { relative: 0, absolute: 1 }) },
    ];
  } finally {
    await executable.dispose();
  }
}

const SmallPair = z.object({
  case: z.string(),
  image: z.tuple([z.int(), z.int(), z.int()]),
  returned_target: Summary.extend({ shape: z.tuple([z.literal(3), z.int(), z.int()]) }),
  returned_input: Summary,
});

/** Checks a pair smaller than the crop, as the official loader returns it: small-pair.*.json. */
export function checkSmallPair(golden: unknown): GoldenCheck[] {
  const { case: name, image, returned_target, returned_input } = SmallPair.parse(golden);
  const picture = (kind: string) => bytesOf(`input:${name}:${kind}`, image[1], image[0]);
  const [, crop, width] = returned_target.shape;
  if (width !== crop) throw new UserError(`returned_target is ${crop}×${width}; crops are squares`);
  const { truth, input } = smallPair({ truth: picture('gt'), input: picture('in') }, crop, { exchanged: true });
  return [
    { quantity: 'target', ...compareSummary('target', returned_target, planesOf(truth), VALUE) },
    { quantity: 'input', ...compareSummary('input', returned_input, planesOf(input), VALUE) },
  ];
}

/** Picture of bytes ⌊256 u⌋, in the order height, width, channel. */
function bytesOf(seed: string, width: number, height: number): Picture {
  const random = Random.named(seed);
  const data = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(256 * random.uniform()));
  return { width, height, data };
}

function planesOf(picture: AnyPicture): TensorData {
  const data = new Float32Array(3 * picture.width * picture.height);
  toPlanes(picture, 'rgb', data);
  return float32(data, [3, picture.height, picture.width]);
}
