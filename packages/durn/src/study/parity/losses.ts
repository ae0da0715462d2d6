import {
  buildGraph,
  compileHere,
  float32,
  goldenPicture,
  gradients,
  input,
  mse,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { ssimAndL1 } from '../loss.js';

const Pair = z.object({
  name: z.string(),
  shape: z.array(z.int().positive()),
  made: z.string(),
  ssim_float64: z.number(),
  l1: z.number(),
  mse: z.number(),
  total: z.number(),
  total_gradient: Summary,
});

const Golden = z.object({ pairs: z.array(Pair) });

/** Tolerances: loss terms; pairs without contrast, ill-conditioned in float32 even in the official code; gradients. */
const [TERM, FLAT, GRADIENT] = [1e-5, 1e-3, { relative: 1e-3, absolute: 1e-6 }];

/** Checks SSIM, L1, MSE, the total and its gradient on pairs of tensors: losses.json. */
export async function checkLosses(golden: unknown): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const pair of Golden.parse(golden).pairs) checks.push(...(await checkPair(pair)));
  return checks;
}

async function checkPair(pair: z.infer<typeof Pair>): Promise<GoldenCheck[]> {
  const [a, b] = [input('a', pair.shape), input('b', pair.shape)];
  const { total, ssim, l1 } = ssimAndL1(a, b, a);
  const [gradient] = gradients(total, [a]);
  const terms = { total, ssim: ssim!, l1: l1!, mse: mse(a, b) };
  const executable = await compileHere(buildGraph({ ...terms, gradient: gradient! }), new Map());
  try {
    const feeds = tensorsOf(pair);
    const results = await executable.run(feeds);
    const { ssim_float64, l1, mse, total } = pair;
    const expected = Object.entries({ ssim: ssim_float64, l1, mse, total });
    const flat = Object.values(feeds).every(({ data }) => new Set(data as Float32Array).size === 1);
    const allowed = (name: string) => (flat && !['l1', 'mse'].includes(name) ? FLAT : TERM);
    const worst = compare(
      expected,
      (name) => Number(results[name]?.data[0]),
      (name) => ({ relative: 0, absolute: allowed(name) }),
    );
    return [
      { quantity: `loss terms of ${pair.name}`, ...worst },
      {
        quantity: `gradient of ${pair.name}`,
        ...compareSummary('gradient', pair.total_gradient, results.gradient, GRADIENT),
      },
    ];
  } finally {
    await executable.dispose();
  }
}

/** Makes the tensors that the file describes in words. @throws UserError quoting words that are not understood */
function tensorsOf({ name, shape, made }: z.infer<typeof Pair>): Record<'a' | 'b', TensorData> {
  const [first, b] = [goldenPicture('input', name, shape), goldenPicture('target', name, shape)];
  if (made.startsWith('a = input:CASE, b = target:CASE')) return { a: first, b };
  if (made.startsWith('a = b = target:CASE')) return { a: b, b };
  const flat = /^a = ([\d.]+), b = ([\d.]+) everywhere/.exec(made);
  if (flat) {
    const filled = (value: string) => float32(new Float32Array(b.data.length).fill(Number(value)), shape);
    return { a: filled(flat[1]!), b: filled(flat[2]!) };
  }
  const share = /^b = target:CASE; a = b \+ ([\d.]+)\*\(input:CASE - 0\.5\)/.exec(made)?.[1];
  if (share === undefined) throw new UserError(`pair "${name}": made "${made}" is not understood`);
  const noise = (i: number) => Number(share) * (Number(first.data[i]) - 0.5);
  return {
    a: float32(
      (b.data as Float32Array<ArrayBuffer>).map((value, i) => value + noise(i)),
      shape,
    ),
    b,
  };
}
