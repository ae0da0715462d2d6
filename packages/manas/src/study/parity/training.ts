import {
  compileHere,
  goldenPicture,
  type State,
  type TensorData,
  type TrainingStep,
  trainingStep,
} from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, norm, Summary } from '@unweather/lab';
import { z } from 'zod';
import { DerivedNetwork } from '../../networks/derived.js';
import { Supernet } from '../../networks/supernet.js';
import { internalInput, multiToOneTerms } from '../loss.js';
import { searchSteps } from '../search/steps.js';
import { lossValues } from './losses.js';
import { goldenAlphas, goldenArchitecture, numbers, OUTPUT, tripled, weightsOf } from './shared.js';

const Numbers = z.record(z.string(), z.number());
const Golden = z.object({
  case: z.string(),
  input: z.array(z.int()),
  target: z.array(z.int()),
  alphas_suffix: z.string(),
  output: Summary,
  loss: Numbers,
  gradient: Numbers,
  updated: Numbers,
  buffers: Numbers,
  /** The same code's norms in float64. */
  float64: z.object({ gradient: Numbers }),
  /** Parameters whose gradient is mostly rounding. */
  noisy: z.array(z.string()),
});
type Golden = z.infer<typeof Golden>;

const [ADAM_RATE, SGD_RATE] = [1e-3, 0.002];

/** One Adam step of a derived network on the default loss: FixedMixedAutoNet.train.*.json. */
export function checkDerivedTraining(golden: unknown): Promise<GoldenCheck[]> {
  const expected = Golden.parse(golden);
  const network = new DerivedNetwork(goldenArchitecture(expected.alphas_suffix));
  const [batch, channels, height, width] = expected.input as [number, number, number, number];
  const step = trainingStep(network, multiToOneTerms(), { batch, channels, height, width }, { inspect: true });
  return checkStep(expected, step, weightsOf(network), ADAM_RATE, (elements) => 2 * ADAM_RATE * Math.sqrt(elements));
}

/** The first weight step of a search: MixedSearchSpace.train.*.json. */
export function checkSupernetTraining(golden: unknown): Promise<GoldenCheck[]> {
  const expected = Golden.parse(golden);
  const { step, first } = openSearch(expected.input, expected.alphas_suffix);
  return checkStep(expected, step.weights, first, SGD_RATE, (_, gradient) => 2 * SGD_RATE * gradient);
}

/** Both steps of the official search with the golden weights. */
export function openSearch([batch, , height, width]: readonly number[], suffix: string) {
  const supernet = new Supernet();
  const step = searchSteps(
    supernet,
    { batch: batch!, height: height!, width: width! },
    { regularisation: 0.01, complexity: 0, columns: 'code' },
    { weights: { kind: 'sgd', weightDecay: 3e-4 }, architecture: { weightDecay: 1e-3 } },
    { inspect: true },
  );
  return { step, first: new Map([...weightsOf(supernet), ...goldenAlphas(suffix)]) };
}

/** The batch of a golden case, with the internal terms on. */
export function goldenBatch({ case: name, input, target }: Pick<Golden, 'case' | 'input' | 'target'>) {
  const truth = goldenPicture('target', name, target);
  return { truth, feeds: { input: goldenPicture('input', name, input), target: tripled(truth), ...internalInput(5) } };
}

/**
 * How far a gradient's norm may be from that of the official code in float64. Through dozens of norms and of ReLUs at
 * their ties float32 loses digits, the official code's as many as ours, at other parameters: see `offBy`.
 */
const GRADIENT = { relative: 5e-3, absolute: 1e-5 };
/** The same where the file says that rounding is most of it. */
const NOISE = { relative: 0.1, absolute: 2e-3 };
/** A share by which gradients' norms are counted as off. */
const OFF = 1e-3;

/** @param moved how far one step may have taken a parameter elsewhere, by its elements and its gradient's tolerance */
async function checkStep(
  golden: Golden,
  step: TrainingStep,
  first: State,
  rate: number,
  moved: (elements: number, gradient: number) => number,
): Promise<GoldenCheck[]> {
  const { truth, feeds } = goldenBatch(golden);
  const executable = await compileHere(step.graph, new Map([...first, ...step.optimiserState()]), { rewrite: false });
  let results: Readonly<Record<string, TensorData>>;
  let after: State;
  try {
    results = await executable.run({ ...feeds, ...step.optimiser.inputs(1, rate) });
    after = new Map([...first, ...(await executable.state())]);
  } finally {
    await executable.dispose();
  }
  const exact = golden.float64.gradient;
  const noisy = new Set(golden.noisy);
  const tolerance = (name: string) => (noisy.has(name) ? NOISE : GRADIENT);
  const allowed = (name: string) => tolerance(name).relative * exact[name]! + tolerance(name).absolute;
  const got = (name: string) => norm(results[`gradient.${name}`]);
  const offBy = (norms: (name: string) => number) =>
    Object.entries(exact).filter(([name, value]) => Math.abs(norms(name) - value) > OFF * value).length;
  const theirs = offBy((name) => golden.gradient[name]!);
  const ours = offBy((name) => got(name) ?? Infinity);
  // Of the candidates that a derived network does not hold, the file has the statistics they started with.
  const buffers = Object.entries(golden.buffers).filter(([name]) => step.parameters.has(name));
  return [
    { quantity: 'output', ...compareSummary('output', golden.output, results.output!, { ...OUTPUT, absolute: 1e-4 }) },
    numbers('losses', golden.loss, await lossValues(results.output!, truth), { relative: 1e-4, absolute: 1e-7 }),
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
        (name) => ({ relative: 1e-4, absolute: moved(after.get(name)!.data.length, allowed(name)) }),
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
