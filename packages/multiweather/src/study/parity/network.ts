import {
  buildGraph,
  compileHere,
  goldenPicture,
  inferenceGraph,
  input,
  shapesOf,
  Tensor,
  trace,
} from '@unweather/core-tensor';
import { compareSummary, compareTexts, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { MSBDN } from '../../networks/msbdn.js';
import { teacherGraph } from '../stages/teacher.js';
import { networkState, VALUE } from './shared.js';

const Evaluation = z.object({
  case: z.string(),
  input: z.array(z.int()),
  gain: z.number(),
  state: z.array(z.tuple([z.string(), z.array(z.int())])),
  output: Summary,
  features: z.array(Summary),
});

/** Checks the picture and the four features of a forward pass: student.eval.*.json. */
export async function checkEvaluation(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input: shape, gain, state, output, features } = Evaluation.parse(golden);
  const network = new MSBDN();
  const shapes = shapesOf(network.parameters());
  const executable = await compileHere(teacherGraph(network), networkState(network, gain));
  try {
    const results = await executable.run({ input: goldenPicture('input', name, shape) });
    return [
      { quantity: 'state', ...compareTexts(state, shapes) },
      { quantity: 'output', ...compareSummary('output', output, results.output!, VALUE) },
      ...features.map((feature, i) => ({
        quantity: `feature ${i}`,
        ...compareSummary(`feature ${i}`, feature, results[`feature${i}`], VALUE),
      })),
    ];
  } finally {
    await executable.dispose();
  }
}

const Trace = z.object({
  case: z.string(),
  input: z.array(z.int()),
  gain: z.number(),
  modules: z.array(Summary.extend({ module: z.string() })),
});

/** Checks the output of every top-level module: student.trace.*.json. */
export async function checkTrace(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input: shape, gain, modules } = Trace.parse(golden);
  const network = new MSBDN();
  const state = networkState(network, gain);
  const x = input('input', shape);
  const { outputs } = trace('eval', () => network.apply(x));
  const tensors = modules.map(({ module }) => [module, outputs.get(module)] as const);
  const found = tensors.filter((entry): entry is [string, Tensor] => entry[1] instanceof Tensor);
  const executable = await compileHere(buildGraph(Object.fromEntries(found)), state);
  try {
    const results = await executable.run({ input: goldenPicture('input', name, shape) });
    return [
      {
        quantity: 'module names',
        ...compareTexts(modules.map(({ module }) => module).sort(), found.map(([path]) => path).sort()),
      },
      ...modules
        .filter(({ module }) => module in results)
        .map((summary) => ({
          quantity: summary.module,
          ...compareSummary(summary.module, summary, results[summary.module]!, VALUE),
        })),
    ];
  } finally {
    await executable.dispose();
  }
}

/** Opens the network alone, ready to run. */
export async function openNetwork(gain: number) {
  const network = new MSBDN();
  return compileHere(inferenceGraph(network), networkState(network, gain));
}
