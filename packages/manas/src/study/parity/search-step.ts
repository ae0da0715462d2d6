import { compileHere, float32, type TensorData, UserError } from '@unweather/core-tensor';
import { compareSummary, type GoldenCheck, numbersAsSummary, readOptimiser } from '@unweather/lab';
import { z } from 'zod';
import { internalInput } from '../loss.js';
import { Batch, Gain, numbers } from './shared.js';
import { goldenBatch, openSearch } from './training.js';

const Golden = z.object({
  case: z.string(),
  alphas_suffix: z.string(),
  input: Batch,
  target: Batch,
  gain: Gain,
  /** Text with "epoch argument 11" in it. */
  mode: z.string(),
  /** Optimiser in words, for `readOptimiser`. */
  optimiser: z.string(),
  loss_total: z.number(),
  loss_multi_to_one: z.number(),
  arch_regular_loss: z.number(),
  auto_regular_loss: z.number(),
  grad_arch_param: z.array(z.number()),
  grad_auto_param: z.array(z.number()),
  updated_minus_initial_arch_param: z.array(z.number()),
  updated_minus_initial_auto_param: z.array(z.number()),
});

/** Checks one update of the architecture, with all its gradients: MixedSearchSpace.arch-step.*.json. */
export async function checkArchitectureStep(golden: unknown): Promise<GoldenCheck[]> {
  const expected = Golden.parse(golden);
  const architecture = readOptimiser(expected.optimiser);
  const { rate } = architecture;
  const epoch = /epoch argument (\d+)/.exec(expected.mode)?.[1];
  if (epoch === undefined) throw new UserError(`mode "${expected.mode}": it does not say "epoch argument …"`);
  const { step, first } = openSearch(expected, { architecture });
  const { graph, optimiser, optimiserState } = step.architecture;
  const executable = await compileHere(graph, new Map([...first, ...optimiserState()]), { rewrite: false });
  try {
    const { feeds } = goldenBatch(expected);
    const results = await executable.run({ ...feeds, ...internalInput(Number(epoch)), ...optimiser.inputs(1, rate) });
    const after = await executable.state();
    const value = (name: string) => Number(results[name]!.data[0]);
    const change = (name: string): TensorData => {
      const [before, now] = [first.get(name)!, after.get(name)!];
      return float32(
        (now.data as Float32Array).map((number, i) => number - Number(before.data[i])),
        now.shape,
      );
    };
    const all = (quantity: string, list: readonly number[], got: TensorData, absolute: number): GoldenCheck => ({
      quantity,
      ...compareSummary(quantity, numbersAsSummary(list, got), got, { relative: 1e-3, absolute }),
    });
    return [
      numbers(
        'losses',
        {
          total: expected.loss_total,
          restoration: expected.loss_multi_to_one,
          cells: expected.arch_regular_loss,
          edges: expected.auto_regular_loss,
        },
        Object.fromEntries(['total', 'restoration', 'cells', 'edges'].map((name) => [name, value(name)])),
        { relative: 1e-4, absolute: 0 },
      ),
      all('gradient by cells', expected.grad_arch_param, results['gradient.arch_param']!, 1e-5),
      all('gradient by edges', expected.grad_auto_param, results['gradient.auto_param']!, 1e-5),
      // Adam's first step has the size of the rate for any gradient; near 0 the gradient's sign decides the result.
      all('change of cells', expected.updated_minus_initial_arch_param, change('arch_param'), rate / 100),
      all('change of edges', expected.updated_minus_initial_auto_param, change('auto_param'), rate / 100),
    ];
  } finally {
    await executable.dispose();
  }
}
