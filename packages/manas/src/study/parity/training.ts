import {
  compileHere,
  goldenPicture,
  type State,
  type TensorData,
  type TrainingStep,
  trainingStep,
  UserError,
} from '@unweather/core-tensor';
import {
  compare,
  compareSummary,
  type GoldenCheck,
  type GoldenOptimiser,
  norm,
  readOptimiser,
  Summary,
} from '@unweather/lab';
import { z } from 'zod';
import { DerivedNetwork } from '../../networks/derived.js';
import { Supernet } from '../../networks/supernet.js';
import { multiToOneTerms } from '../loss.js';
import { searchSteps } from '../search/steps.js';
import { givenAt, lossNamed, lossValues } from './losses.js';
import { Batch, Gain, goldenAlphas, goldenArchitecture, numbers, OUTPUT, tripled, weightsOf } from './shared.js';

const Numbers = z.record(z.string(), z.number());
const Golden = z.object({
  case: z.string(),
  input: Batch,
  target: Batch,
  gain: Gain,
  alphas_suffix: z.string(),
  /** Optimiser in words, for `readOptimiser`. */
  optimiser: z.string(),
  /** Name of the minimised loss. */
  backward_from: z.string(),
  output: Summary,
  loss: Numbers,
  gradient: Numbers,
  updated: Numbers,
  buffers: Numbers,
  /** Norms of the same code in float64. */
  float64: z.object({ gradient: Numbers }),
  /** Parameters whose gradient is mostly rounding. */
  noisy: z.array(z.string()),
});
type Golden = z.infer<typeof Golden>;

/** Checks one step of a derived network: FixedMixedAutoNet.train.*.json. */
export function checkDerivedTraining(golden: unknown): Promise<GoldenCheck[]> {
  const expected = Golden.parse(golden);
  const network = new DerivedNetwork(goldenArchitecture(expected.alphas_suffix));
  const [batch, channels, height, width] = expected.input;
  const described = readOptimiser(expected.optimiser);
  const { options } = lossNamed(expected.backward_from);
  const step = trainingStep(
    network,
    multiToOneTerms(options),
    { batch, channels, height, width },
    { inspect: true, optimiser: described.optimiser },
  );
  return checkStep(expected, step, weightsOf(network, expected.gain), described);
}

/** Checks the first weight step of a search: MixedSearchSpace.train.*.json. */
export function checkSupernetTraining(golden: unknown): Promise<GoldenCheck[]> {
  const expected = Golden.parse(golden);
  const weights = readOptimiser(expected.optimiser);
  const { options } = lossNamed(expected.backward_from);
  if (Object.keys(options).length > 0)
    throw new UserError(`backward_from "${expected.backward_from}": a search minimises Multi_loss_ssim`);
  const { step, first } = openSearch(expected, { weights });
  return checkStep(expected, step.weights, first, weights);
}

/**
 * Opens both steps of the official search with the golden weights, one with a file's optimiser.
 * @throws UserError if the search does not use that optimiser
 */
export function openSearch(
  { input: [batch, , height, width], alphas_suffix: suffix, gain }: Pick<Golden, 'input' | 'alphas_suffix' | 'gain'>,
  described: { readonly weights: GoldenOptimiser } | { readonly architecture: GoldenOptimiser },
) {
  const supernet = new Supernet();
  const [which, theirs] =
    'weights' in described
      ? (['weights', described.weights] as const)
      : (['architecture', described.architecture] as const);
  const optimisers = { weights: { kind: 'sgd', weightDecay: 3e-4 }, architecture: { weightDecay: 1e-3 } } as const;
  const step = searchSteps(
    supernet,
    { batch, height, width },
    { regularisation: 0.01, complexity: 0, columns: 'code' },
    { ...optimisers, [which]: { kind: theirs.kind, weightDecay: theirs.weightDecay } },
    { inspect: true },
  );
  const [a, b] = [step[which].optimiser.kind, theirs.optimiser.kind].map((kind) => JSON.stringify(kind));
  if (a !== b) throw new UserError(`optimiser: a search renews its ${which} by ${a}, the file by ${b}`);
  return { step, first: new Map([...weightsOf(supernet, gain), ...goldenAlphas(suffix)]) };
}

/** Batch of a golden case. */
export function goldenBatch({ case: name, input, target }: Pick<Golden, 'case' | 'input' | 'target'>) {
  const truth = goldenPicture('target', name, target);
  return { truth, feeds: { input: goldenPicture('input', name, input), target: tripled(truth) } };
}

/**
 * Tolerance for a gradient's norm, compared with the official code in float64. Float32 loses digits in dozens of norms
 * and in ReLUs at their ties; the official code loses as many as ours, at other parameters: see `offBy`.
 */
const GRADIENT = { relative: 5e-3, absolute: 1e-5 };
/** Tolerance for the norms of gradients that are mostly rounding, which the file lists. */
const NOISE = { relative: 0.1, absolute: 2e-3 };
/** Relative error from which a gradient's norm counts as off. */
const OFF = 1e-3;

async function checkStep(
  golden: Golden,
  step: TrainingStep,
  first: State,
  { kind, rate }: GoldenOptimiser,
): Promise<GoldenCheck[]> {
  const { truth, feeds } = goldenBatch(golden);
  const { epoch, options } = lossNamed(golden.backward_from);
  const executable = await compileHere(step.graph, new Map([...first, ...step.optimiserState()]), { rewrite: false });
  let results: Readonly<Record<string, TensorData>>;
  let after: State;
  try {
    results = await executable.run({ ...feeds, ...givenAt(epoch, options), ...step.optimiser.inputs(1, rate) });
    after = new Map([...first, ...(await executable.state())]);
  } finally {
    await executable.dispose();
  }
  const exact = golden.float64.gradient;
  const noisy = new Set(golden.noisy);
  const tolerance = (name: string) => (noisy.has(name) ? NOISE : GRADIENT);
  const allowed = (name: string) => tolerance(name).relative * exact[name]! + tolerance(name).absolute;
  /** Largest difference that one step may cause in a parameter. */
  const moved = (name: string) =>
    2 * rate * (kind === 'adam' ? Math.sqrt(after.get(name)?.data.length ?? 0) : allowed(name));
  const got = (name: string) => norm(results[`gradient.${name}`]);
  const offBy = (norms: (name: string) => number) =>
    Object.entries(exact).filter(([name, value]) => Math.abs(norms(name) - value) > OFF * value).length;
  const theirs = offBy((name) => golden.gradient[name]!);
  const ours = offBy((name) => got(name) ?? Infinity);
  // The file also holds initial statistics of candidates that a derived network lacks.
  const buffers = Object.entries(golden.buffers).filter(([name]) => step.parameters.has(name));
  return [
    { quantity: 'output', ...compareSummary('output', golden.output, results.output!, { ...OUTPUT, absolute: 1e-4 }) },
    numbers('losses', golden.loss, await lossValues(results.output!, truth, Object.keys(golden.loss)), {
      relative: 1e-4,
      absolute: 1e-7,
    }),
    { quantity: 'gradient norms', ...compare(Object.entries(exact), got, tolerance) },
    numbers(
      `gradient norms off by more than ${OFF}`,
      { count: theirs },
      { count: Math.max(theirs, ours) },
      { relative: 0.25, absolute: 0 },
    ),
    {
      quantity: 'parameters after a step',
      ...compare(
        Object.entries(golden.updated),
        (name) => norm(after.get(name)),
        (name) => ({ relative: 1e-4, absolute: moved(name) }),
      ),
    },
    {
      quantity: 'running statistics',
      ...compare(
        buffers,
        (name) => norm(after.get(name)),
        () => ({ relative: 1e-4, absolute: 1e-6 }),
      ),
    },
  ];
}
