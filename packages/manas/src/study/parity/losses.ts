import {
  add,
  buildGraph,
  goldenPicture,
  gradients,
  input,
  mse,
  mul,
  ssim,
  sum,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import type { GoldenCheck } from '@unweather/lab';
import { pick } from '@unweather/model';
import { z } from 'zod';
import { internalInput, type MultiToOneOptions, multiToOneTerms, totalVariation } from '../loss.js';
import { norms, numbers, once, tripled } from './shared.js';

/** Options of the loss classes in utils.py. */
const VARIANTS: Readonly<Record<string, MultiToOneOptions>> = {
  Multi_loss: { ssim: false },
  Multi_loss_ssim: {},
  Multi_loss_ssim_improved: { internal: 'mse+ssim' },
  One2One_loss_ssim: { internal: 'none' },
};

const VALUE = { relative: 1e-4, absolute: 1e-7 };
const GRADIENT = { relative: 1e-3, absolute: 1e-7 };

/** Name of a loss at an epoch, "Multi_loss_ssim(epoch=5)". */
const LOSS_NAME = /^(\w+)\(epoch=(\d+)\)$/;

/** Loss and epoch of a golden name. @throws UserError listing the known classes */
export function lossNamed(name: string): { readonly options: MultiToOneOptions; readonly epoch: number } {
  const [, kind, epoch] = LOSS_NAME.exec(name) ?? [];
  if (kind === undefined) throw new UserError(`there is no loss "${name}"; "CLASS(epoch=5)" is the form`);
  return { options: pick('loss', VARIANTS, kind), epoch: Number(epoch) };
}

/** Graph inputs of a loss at an epoch. */
export function givenAt(epoch: number, { internal }: MultiToOneOptions) {
  return internal === 'none' ? {} : internalInput(epoch);
}

/**
 * Computes losses and terms of results against truths, under the golden files' names.
 * @param target truths, one for three results
 * @param names losses to compute beside the terms
 * @throws UserError for a name that is neither a term's nor a loss's
 */
export async function lossValues(
  output: TensorData,
  target: TensorData,
  names: readonly string[],
): Promise<Record<string, number>> {
  const [y, t] = [input('output', output.shape), input('target', output.shape)];
  const run = async (options: MultiToOneOptions, epoch: number) => {
    const graph = buildGraph(multiToOneTerms(options)(y, t, y));
    const results = await once(graph, { output, target: tripled(target), ...givenAt(epoch, options) });
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Number(data[0])]));
  };
  // At a late epoch every term counts.
  const terms = await run({}, Infinity);
  const { internal } = await run({ internal: 'mse+ssim' }, Infinity);
  const values: Record<string, number> = {
    mse_external: terms.external!,
    'tv_x0.0001': terms.variation!,
    mse_internal: terms.internal!,
    ssim_external: terms.ssim!,
    ssim_internal: internal! - terms.internal!,
  };
  for (const name of names) {
    if (name in values) continue;
    const { options, epoch } = lossNamed(name);
    values[name] = (await run(options, epoch)).total!;
  }
  return values;
}

const Losses = z.array(
  z.looseObject({
    case: z.string(),
    'output(from input:CASE)': z.array(z.int()),
    target: z.array(z.int()),
    loss: z.record(z.string(), z.number()),
  }),
);

/** Loss whose gradient a case holds, with the gradient's norm. @throws UserError if there is none */
function gradientOf(given: Readonly<Record<string, unknown>>) {
  for (const [key, norm] of Object.entries(given)) {
    const name = /^grad_norm_(.+)_wrt_output$/.exec(key)?.[1];
    if (name !== undefined) return { ...lossNamed(name), norm: z.number().parse(norm) };
  }
  throw new UserError('"grad_norm_LOSS_wrt_output" is missing');
}

/** Checks every loss alone: losses*.json. */
export async function checkLosses(golden: unknown): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const expected of Losses.parse(golden)) {
    const { case: name, loss, target: shape, 'output(from input:CASE)': size } = expected;
    const [output, target] = [goldenPicture('input', name, size), goldenPicture('target', name, shape)];
    checks.push(numbers(`losses of ${name}`, loss, await lossValues(output, target, Object.keys(loss)), VALUE));
    const [y, t] = [input('output', size), input('target', size)];
    const { options, epoch, norm } = gradientOf(expected);
    const [gradient] = gradients(multiToOneTerms(options)(y, t, y).total, [y]);
    const feeds = { output, target: tripled(target), ...givenAt(epoch, options) };
    const results = await once(buildGraph({ gradient: gradient! }), feeds);
    checks.push(numbers(`gradient of ${name}`, { gradient: norm }, norms(new Map(Object.entries(results))), GRADIENT));
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

/** Checks SSIM, total variation and squared error alone: ssim.json. */
export async function checkSsim(golden: unknown): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const { case: name, shape, grad_norm_wrt_image: gradientNorm, ...expected } of Similarities.parse(golden)) {
    const [image, target] = [input('image', shape), input('target', shape)];
    const similar = ssim(image, target);
    const blend = add(mul(target, 0.8), mul(image, 0.2));
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
