import { add, buildGraph, gradients, input, mul } from '@unweather/core-tensor';
import { compareTexts, type GoldenCheck } from '@unweather/lab';
import { z } from 'zod';
import { argmaxes, derive } from '../../architecture/derive.js';
import { complexity, regularisation } from '../search/objective.js';
import { Genotype, genotypeOf, goldenAlphas, norms, numbers, once } from './shared.js';

const Golden = z.array(
  z.object({
    suffix: z.string(),
    arch_param_first: z.array(z.number()),
    auto_param_first: z.array(z.number()),
    arch_regular_loss: z.number(),
    auto_regular_loss: z.number(),
    'regularisation_in_loss(0.01*arch+0.01*auto)': z.number(),
    complexity_loss_as_commented_in_the_code: z.number(),
    complexity_loss_with_indices_matching_PRIMITIVES: z.number(),
    grad_norm_regularisation: z.tuple([z.number(), z.number()]),
    grad_norm_complexity_as_commented: z.tuple([z.number(), z.number()]),
    arch_argmax: z.array(z.int()),
    auto_argmax: z.array(z.int()),
    genotype_used_by_FixedMixedAutoNet: Genotype,
  }),
);

const VALUE = { relative: 1e-5, absolute: 1e-8 };
const GRADIENT = { relative: 1e-3, absolute: 1e-8 };

/** Checks regularisation, complexity and the derived architecture of tables: alphas.json. */
export async function checkAlphas(golden: unknown): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const expected of Golden.parse(golden)) {
    const alphas = goldenAlphas(expected.suffix);
    const [arch, auto] = [input('arch_param', [12, 2]), input('auto_param', [27, 9])];
    const [cells, edges] = [regularisation(arch), regularisation(auto)];
    const both = mul(add(cells, edges), 0.01);
    const [asCoded, intended] = [complexity(arch, auto, 'code'), complexity(arch, auto, 'intended')];
    const [byBoth, byCost] = [gradients(both, [arch, auto]), gradients(asCoded, [arch, auto])];
    const byTables = { cells: byBoth[0]!, edges: byBoth[1]!, 'cost by cells': byCost[0]!, 'cost by edges': byCost[1]! };
    const graph = buildGraph({ arch: cells, auto: edges, both, asCoded, intended, ...byTables });
    const results = await once(graph, Object.fromEntries(alphas));
    const value = Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Number(data[0])]));
    const first = (name: string, count: number) =>
      [...alphas.get(name)!.data.slice(0, count)].map((number) => Number(number).toFixed(6));
    const [regular, cost] = [expected.grad_norm_regularisation, expected.grad_norm_complexity_as_commented];
    checks.push(
      {
        quantity: `tables "${expected.suffix}"`,
        ...compareTexts(
          [...expected.arch_param_first, ...expected.auto_param_first].map((number) => number.toFixed(6)),
          [
            ...first('arch_param', expected.arch_param_first.length),
            ...first('auto_param', expected.auto_param_first.length),
          ],
        ),
      },
      numbers(
        `terms of "${expected.suffix}"`,
        {
          arch: expected.arch_regular_loss,
          auto: expected.auto_regular_loss,
          both: expected['regularisation_in_loss(0.01*arch+0.01*auto)'],
          asCoded: expected.complexity_loss_as_commented_in_the_code,
          intended: expected.complexity_loss_with_indices_matching_PRIMITIVES,
        },
        value,
        VALUE,
      ),
      numbers(
        `gradients of "${expected.suffix}"`,
        { cells: regular[0], edges: regular[1], 'cost by cells': cost[0], 'cost by edges': cost[1] },
        norms(new Map(Object.entries(results))),
        GRADIENT,
      ),
      {
        quantity: `choices of "${expected.suffix}"`,
        ...compareTexts(
          [expected.arch_argmax, expected.auto_argmax, expected.genotype_used_by_FixedMixedAutoNet],
          [argmaxes(alphas.get('arch_param')!), argmaxes(alphas.get('auto_param')!), genotypeOf(derive(alphas))],
        ),
      },
    );
  }
  return checks;
}
