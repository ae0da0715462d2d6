import { compile, goldenPicture, type State, trainingStep } from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { DerivedNetwork } from '../../networks/derived.js';
import { internalInput, multiToOneTerms } from '../loss.js';
import { goldenArchitecture, restored, tripled, weightsOf } from './shared.js';

const Golden = z.object({
  case: z.string(),
  alphas_suffix: z.string(),
  size: z.tuple([z.int(), z.int()]),
  loss: z.array(z.number()),
  final_eval_output: Summary,
});

/** Adam divides by the root of tiny averages and so amplifies rounding, more with every step. */
const LOSSES = [1e-3, 1e-2, 2e-2, 3e-2];
const OUTPUT = { relative: 0, absolute: 5e-2 };

/** Four Adam steps on pictures of their own, then a picture in evaluation: FixedMixedAutoNet.steps.json. */
export async function checkSteps(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, alphas_suffix: suffix, size, loss, final_eval_output: final } = Golden.parse(golden);
  const [height, width] = size;
  const network = new DerivedNetwork(goldenArchitecture(suffix));
  const step = trainingStep(network, multiToOneTerms(), { batch: 3, channels: 3, height, width });
  const first = new Map([...weightsOf(network), ...step.optimiserState()]);
  const executable = await compile(step.graph, first, { rewrite: false });
  const losses: number[] = [];
  let after: State;
  try {
    for (const i of loss.keys()) {
      const results = await executable.run({
        input: goldenPicture('input', `${name}:${i}`, [3, 3, height, width]),
        target: tripled(goldenPicture('target', `${name}:${i}`, [1, 3, height, width])),
        ...internalInput(5),
        ...step.optimiser.inputs(i + 1, 1e-3),
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
        (i) => ({ relative: LOSSES[Number(i)]!, absolute: 0 }),
      ),
    },
    { quantity: 'output after the steps', ...compareSummary('output', final, output, OUTPUT) },
  ];
}
