import {
  add,
  clamp,
  input,
  mse,
  mul,
  readVgg,
  type StepOptions,
  type StepShape,
  type Tensor,
  type TrainingStep,
  trace,
  updateStep,
} from '@unweather/core-tensor';
import type { EquippedLoss } from '@unweather/lab';
import { AFRNet, type Restored, signed } from '../../networks/afrnet.js';
import { targetMask } from './mask.js';
import { judge, type PerceptualInput, perceptualTerm } from './perceptual.js';
import { pyramidLoss, pyramidOf } from './pyramid.js';
import { l2 } from './sums.js';

/** Weight of the mask's error. */
export const MASK = 0.1;

/** Inputs of the loss terms: the network's outputs, and the pair in [−1, 1] with the mask made from it. */
export interface Judged {
  readonly restored: Restored;
  readonly degraded: Tensor;
  readonly truth: Tensor;
  readonly mask: Tensor;
}

/** Terms of the official code, by its names: four sizes and the mask; sums, not means. */
export function restorationTerms({ restored, truth, mask }: Judged): Record<string, Tensor> {
  const { sizes, total } = pyramidLoss(restored, pyramidOf(truth));
  const [full, half, quarter, eighth] = sizes as [Tensor, Tensor, Tensor, Tensor];
  const masks = mul(l2(restored.mask, mask), MASK);
  return { total: add(total, masks), full, half, quarter, eighth, mask: masks };
}

/**
 * Makes the training step of an AFR-Net. Inputs "input" and "target", BGR in [0, 1]; the target mask is made from them.
 * @param terms the loss's terms; `total` is minimised
 * @param options mask: target mask to use instead of the pair's, for checks
 */
export function afrStep(
  network: AFRNet,
  terms: (judged: Judged) => Record<string, Tensor>,
  shape: StepShape,
  { mask: given, ...options }: StepOptions & { readonly mask?: Tensor } = {},
): TrainingStep {
  const size = [shape.batch ?? 'batch', 3, shape.height, shape.width];
  const [x, target] = [input('input', size), input('target', size)];
  const parameters = network.parameters();
  const { result } = trace('train', () => {
    const [degraded, truth] = [signed(x), signed(target)];
    const restored = network.restore(degraded);
    const judged = { restored, degraded, truth, mask: given ?? targetMask(x, target) };
    return { restored, terms: terms(judged) };
  });
  const { restored } = result;
  const full = mul(add(restored.full, 1), 0.5);
  const { half, quarter, eighth, mask } = restored;
  const watched = { 'output.full': restored.full, ...prefixed('output.', { half, quarter, eighth, mask }) };
  const outputs = { ...result.terms, mse: mse(clamp(full, 0, 1), target), ...(options.inspect && watched) };
  return updateStep({ ...options, outputs, minimise: result.terms.total!, parameters });
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}${name}`, tensor]));
}

/** The released loss: four sizes, the mask, and optionally VGG19's relu2_2. */
export function restoration(perceptual: PerceptualInput | 'none'): EquippedLoss {
  if (perceptual === 'none')
    return { step: (network, shape, options) => afrStep(afr(network), restorationTerms, shape, options) };
  const vgg = judge(perceptual);
  const parameters = vgg.parameters('vgg19');
  const terms = (judged: Judged) => {
    const { total, ...others } = restorationTerms(judged);
    const seen = perceptualTerm(vgg, perceptual, judged.restored.full, judged.truth);
    return { total: add(total!, seen), ...others, perceptual: seen };
  };
  return {
    step: (network, shape, options) => afrStep(afr(network), terms, shape, options),
    judges: { parameters, read: ({ vgg: path }) => readVgg(vgg, path) },
  };
}

/** Narrows a network to AFRNet. */
export function afr(network: unknown): AFRNet {
  if (network instanceof AFRNet) return network;
  throw new Error('this loss works with an AFR-Net only');
}
