import {
  buildGraph,
  compileHere,
  float32,
  goldenPicture,
  goldenState,
  gradients,
  initialValue,
  input,
  mul,
  shapesOf,
  sum,
  trace,
} from '@unweather/core-tensor';
import { compareSummary, compareTexts, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { PRIMITIVES } from '../../networks/gates/names.js';
import { primitive } from '../../networks/gates/primitives.js';
import { norms, numbers, OUTPUT } from './shared.js';

const Numbers = z.record(z.string(), z.number());
const Pass = z.object({
  output: Summary,
  input_gradient_norm: z.number(),
  gradient: Numbers,
  buffers: Numbers.default({}),
});
const Golden = z.object({
  case: z.string(),
  input: z.tuple([z.int(), z.int(), z.int(), z.int()]),
  primitives: z.array(
    z.object({
      primitive: z.enum(PRIMITIVES),
      state: z.array(z.tuple([z.string(), z.array(z.int())])),
      eval: Pass,
      train: Pass,
    }),
  ),
});

/** Tolerance near the noise of a gradient that is 0 in exact arithmetic: a single weight before a norm. */
const GRADIENT = { relative: 1e-3, absolute: 5e-4 };

/** Checks every candidate alone, in evaluation and in training: ops.json. */
export async function checkPrimitives(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input: shape, primitives } = Golden.parse(golden);
  const picture = goldenPicture('input', name, shape);
  const x = float32(
    (picture.data as Float32Array).map((value) => 2 * value - 1),
    shape,
  );
  const feeds = { x, target: goldenPicture('target', name, shape) };
  const checks: GoldenCheck[] = [];
  for (const { primitive: kind, state, ...passes } of primitives) {
    const module = primitive(kind, shape[1]);
    const parameters = module.parameters(`ops.${kind}`);
    const shapes = shapesOf(parameters);
    checks.push({ quantity: `${kind}: state`, ...compareTexts(state, shapes) });
    const first = goldenState(shapes, 1, (name) => initialValue(name, parameters.get(name)!, 0));
    for (const mode of ['eval', 'train'] as const) {
      const expected = passes[mode];
      const at = input('x', shape);
      const { result, updates } = trace(mode, () => module.apply(at));
      const trained = [...parameters].filter(([, { trained }]) => trained).map(([path]) => path);
      const tensors = trained.map((path) => parameters.get(path)!.tensor);
      const [byInput, ...byWeights] = gradients(sum(mul(result, input('target', shape))), [at, ...tensors]);
      const watched = Object.fromEntries(trained.map((path, i) => [`gradient.${path}`, byWeights[i]!]));
      const graph = buildGraph({ output: result, input: byInput!, ...watched }, updates);
      const executable = await compileHere(graph, first);
      const results = await executable.run(feeds);
      const after = await executable.state();
      await executable.dispose();
      const found = norms(
        new Map(Object.entries(results).map(([key, value]) => [key.replace(/^gradient\./, ''), value])),
      );
      checks.push(
        { quantity: `${kind}, ${mode}: output`, ...compareSummary('output', expected.output, results.output!, OUTPUT) },
        numbers(
          `${kind}, ${mode}: gradients`,
          { input: expected.input_gradient_norm, ...expected.gradient },
          found,
          GRADIENT,
        ),
        numbers(`${kind}, ${mode}: running statistics`, expected.buffers, norms(after), OUTPUT),
      );
    }
  }
  return checks;
}
