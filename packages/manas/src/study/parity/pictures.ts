import { shapesOf } from '@unweather/core-tensor';
import { compareSummary, compareTexts, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { isOfUnusedCandidate } from '../../checkpoint/unused.js';
import { DerivedNetwork } from '../../networks/derived.js';
import { Supernet } from '../../networks/supernet.js';
import {
  Batch,
  Gain,
  Genotype,
  genotypeOf,
  goldenAlphas,
  goldenArchitecture,
  OUTPUT,
  restored,
  weightsOf,
} from './shared.js';

const Picture = z.object({
  case: z.string(),
  input: Batch,
  gain: Gain,
  alphas_suffix: z.string(),
  genotype: Genotype.optional(),
  output: Summary,
});

/** Checks a derived network's pictures, with or without stage 1: FixedMixedAutoNet*.eval.*.json. */
export const checkDerived =
  ({ stem }: { readonly stem: boolean }) =>
  async (golden: unknown): Promise<GoldenCheck[]> => {
    const { case: name, input, gain, alphas_suffix: suffix, genotype, output } = Picture.parse(golden);
    const architecture = goldenArchitecture(suffix, { stem });
    const network = new DerivedNetwork(architecture);
    const got = await restored(network, weightsOf(network, gain), name, input);
    return [
      { quantity: 'genotype', ...compareTexts([genotype], [genotypeOf(architecture)]) },
      { quantity: 'output', ...compareSummary('output', output, got, OUTPUT) },
    ];
  };

/** Checks the supernet's pictures: MixedSearchSpace.eval.*.json. */
export async function checkSupernet(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input, gain, alphas_suffix: suffix, output } = Picture.parse(golden);
  const network = new Supernet();
  network.alphas();
  const state = new Map([...weightsOf(network, gain), ...goldenAlphas(suffix)]);
  const got = await restored(network, state, name, input);
  return [{ quantity: 'output', ...compareSummary('output', output, got, OUTPUT) }];
}

const StateFile = z.object({
  alphas_suffix: z.string().optional(),
  state: z.array(z.tuple([z.string(), z.array(z.int())])),
  live_elements: z.int().optional(),
});

/** Compares names and shapes of a derived network with the official one's, without its unused candidates. */
export function checkDerivedState(golden: unknown): GoldenCheck[] {
  const { state, alphas_suffix: suffix = '' } = StateFile.parse(golden);
  const architecture = goldenArchitecture(suffix);
  const ours = shapesOf(new DerivedNetwork(architecture).parameters());
  const used = state.filter(([name]) => !isOfUnusedCandidate(architecture, name));
  return [{ quantity: `state, ${used.length} of ${state.length} tensors`, ...compareTexts(used, ours) }];
}

/** Compares names and shapes of the supernet with the official one's, without the cells that never run. */
export function checkSupernetState(golden: unknown): GoldenCheck[] {
  const { state, live_elements: live } = StateFile.parse(golden);
  const parameters = new Supernet().parameters();
  const trained = [...parameters.values()].filter((parameter) => parameter.trained);
  const count = trained.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return [
    { quantity: 'state', ...compareTexts(state, shapesOf(parameters)) },
    { quantity: 'weights', ...compareTexts([live], [count]) },
  ];
}
