import { compile, goldenPicture, type State, trainingStep, UserError } from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, readOptimiser, Summary } from '@unweather/lab';
import { z } from 'zod';
import { DerivedNetwork } from '../../networks/derived.js';
import { multiToOneTerms } from '../loss.js';
import { givenAt, lossNamed } from './losses.js';
import { Gain, goldenArchitecture, restored, tripled, weightsOf } from './shared.js';

const Golden = z.object({
  case: z.string(),
  alphas_suffix: z.string(),
  gain: Gain,
  /** Text that names the optimiser, "on LOSS", and the pictures of a step's input and target. */
  recipe: z.string(),
  size: z.tuple([z.int(), z.int()]),
  loss: z.array(z.number()).min(1),
  final_eval_output: Summary,
});

/** Reads the loss and the pictures of a step from words. @throws UserError quoting words that name none */
function readRecipe(words: string) {
  const loss = /\bon (\w+\(epoch=\d+\))/.exec(words)?.[1];
  const pictures = /image CASE:i \((\d+) images?\) and target CASE:i \((\d+) images?\)/.exec(words);
  if (loss === undefined || pictures === null)
    throw new UserError(`recipe "${words}": it does not say "on LOSS(epoch=…)" or the images of CASE:i`);
  return { ...readOptimiser(words), ...lossNamed(loss), inputs: Number(pictures[1]), targets: Number(pictures[2]) };
}

/** Tolerances per step: Adam divides by the root of tiny averages, which amplifies rounding more with every step. */
const LOSSES = [1e-3, 1e-2, 2e-2, 3e-2];
const OUTPUT = { relative: 0, absolute: 5e-2 };

/** Checks steps, each on its own pictures, then a picture in evaluation: FixedMixedAutoNet.steps*.json. */
export async function checkSteps(golden: unknown): Promise<GoldenCheck[]> {
  const {
    case: name,
    alphas_suffix: suffix,
    gain,
    recipe,
    size,
    loss,
    final_eval_output: final,
  } = Golden.parse(golden);
  const { optimiser, rate, options, epoch, inputs, targets } = readRecipe(recipe);
  const [height, width] = size;
  const network = new DerivedNetwork(goldenArchitecture(suffix));
  const step = trainingStep(
    network,
    multiToOneTerms(options),
    { batch: inputs, channels: 3, height, width },
    { optimiser },
  );
  const first = new Map([...weightsOf(network, gain), ...step.optimiserState()]);
  const executable = await compile(step.graph, first, { rewrite: false });
  const losses: number[] = [];
  let after: State;
  try {
    for (const i of loss.keys()) {
      const results = await executable.run({
        input: goldenPicture('input', `${name}:${i}`, [inputs, 3, height, width]),
        target: tripled(goldenPicture('target', `${name}:${i}`, [targets, 3, height, width])),
        ...givenAt(epoch, options),
        ...step.optimiser.inputs(i + 1, rate),
      });
      losses.push(Number(results.total!.data[0]));
    }
    after = new Map([...first, ...(await executable.state())]);
  } finally {
    await executable.dispose();
  }
  const output = await restored(network, after, `${name}:eval`, final.shape);
  return [
    {
      quantity: 'losses',
      ...compare(
        loss.map((value, i) => [String(i), value] as const),
        (i) => losses[Number(i)],
        (i) => ({ relative: LOSSES[Number(i)] ?? LOSSES.at(-1)!, absolute: 0 }),
      ),
    },
    { quantity: 'output after the steps', ...compareSummary('output', final, output, OUTPUT) },
  ];
}
