import {
  add,
  buildGraph,
  constant,
  goldenPicture,
  gradients,
  input,
  mse,
  mul,
  ssim,
  sum,
  type TensorData,
} from '@unweather/core-tensor';
import type { GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { internalInput, type MultiToOneOptions, multiToOneTerms, totalVariation } from '../loss.js';
import { norms, numbers, once, tripled } from './shared.js';

/** The classes of utils.py. */
const VARIANTS: Readonly<Record<string, MultiToOneOptions>> = {
  Multi_loss: { ssim: false },
  Multi_loss_ssim: {},
  Multi_loss_ssim_improved: { internal: 'mse+ssim' },
  One2One_loss_ssim: { internal: 'none' },
};

const VALUE = { relative: 1e-4, absolute: 1e-7 };
const GRADIENT = { relative: 1e-3, absolute: 1e-7 };

/**
 * Every loss and every term of results against truths, under the golden files' names.
 * @param target the truths, one for three results
 */
export async function lossValues(output: TensorData, target: TensorData): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  const [y, t] = [input('output', output.shape), input('target', output.shape)];
  const feeds = { output, target: tripled(target) };
  const read = (results: Readonly<Record<string, TensorData>>, name: string) => Number(results[name]!.data[0]);
  for (const [name, options] of Object.entries(VARIANTS)) {
    const graph = buildGraph(multiToOneTerms(options)(y, t, y));
    for (const epoch of [0, 5]) {
      const given = options.internal === 'none' ? {} : internalInput(epoch);
      const results = await once(graph, { ...feeds, ...given });
      values[`${name}(epoch=${epoch})`] = read(results, 'total');
      if (epoch === 0 || options.internal === 'none') continue;
      values.mse_external = read(results, 'external');
      values['tv_x0.0001'] = read(results, 'variation');
      if (name === 'Multi_loss_ssim') {
        values.mse_internal = read(results, 'internal');
        values.ssim_external = read(results, 'ssim');
      } else if (name === 'Multi_loss_ssim_improved')
        values.ssim_internal = read(results, 'internal') - values.mse_internal!;
    }
  }
  return values;
}

const Losses = z.array(
  z.object({
    case: z.string(),
    'output(from input:CASE)': z.array(z.int()),
    target: z.array(z.int()),
    loss: z.record(z.string(), z.number()),
    'grad_norm_Multi_loss_ssim(epoch=5)_wrt_output': z.number(),
  }),
);

/** Every loss alone: losses.json. */
export async function checkLosses(golden: unknown): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const expected of Losses.parse(golden)) {
    const { case: name, loss, target: shape, 'output(from input:CASE)': size } = expected;
    const [output, target] = [goldenPicture('input', name, size), goldenPicture('target', name, shape)];
    checks.push(numbers(`losses of ${name}`, loss, await lossValues(output, target), VALUE));
    const [y, t] = [input('output', size), input('target', size)];
    const [gradient] = gradients(multiToOneTerms()(y, t, y).total, [y]);
    const feeds = { output, target: tripled(target), ...internalInput(5) };
    const results = await once(buildGraph({ gradient: gradient! }), feeds);
    const norm = { gradient: expected['grad_norm_Multi_loss_ssim(epoch=5)_wrt_output'] };
    checks.push(numbers(`gradient of ${name}`, norm, norms(new Map(Object.entries(results))), GRADIENT));
  }
  return checks;
}

const Similarities = z.array(
  z.object({
    case: z.string(),
    shape: z.array(z.int()),
    'ssim(image,target)': z.number(),
    grad_norm_wrt_image: z.number(),
    'ssim(0.8*target+0.2*image,target)': z.number(),
    'ssim(target,target)': z.number(),
    'tv(image)': z.number(),
    mse: z.number(),
  }),
);

/** SSIM, total variation and squared error alone: ssim.json. */
export async function checkSsim(golden: unknown): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const { case: name, shape, grad_norm_wrt_image: gradientNorm, ...expected } of Similarities.parse(golden)) {
    const [image, target] = [input('image', shape), input('target', shape)];
    const similar = ssim(image, target);
    const blend = add(mul(target, constant(0.8)), mul(image, constant(0.2)));
    const graph = buildGraph({
      'ssim(image,target)': similar,
      'ssim(0.8*target+0.2*image,target)': ssim(blend, target),
      'ssim(target,target)': ssim(target, target),
      'tv(image)': totalVariation(image),
      mse: mse(image, target),
      gradient: gradients(sum(similar), [image])[0]!,
    });
    const feeds = { image: goldenPicture('input', name, shape), target: goldenPicture('target', name, shape) };
    const results = await once(graph, feeds);
    const got = Object.fromEntries(Object.entries(results).map(([key, { data }]) => [key, Number(data[0])]));
    checks.push(numbers(`values of ${name}`, expected, got, VALUE));
    const found = norms(new Map(Object.entries(results)));
    checks.push(numbers(`gradient of ${name}`, { gradient: gradientNorm }, found, GRADIENT));
  }
  return checks;
}
