import {
  buildGraph,
  compileHere,
  goldenPicture,
  goldenState,
  gradients,
  input,
  mul,
  shapesOf,
  sum,
  trace,
} from '@unweather/core-tensor';
import { compareSummary, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { DeformableConv } from '../../networks/deformable.js';

const Golden = z.object({
  case: z.string(),
  input: z.array(z.int().positive()),
  offset_mask: Summary,
  output: Summary,
  gradient: z.record(z.string(), Summary),
});

/** Makes offsets large enough to cross the border. */
const OFFSET_GAIN = 4;

/** The deformable layer alone, DCN(8, 6), with the gradients of everything: dcn.a.json. */
export async function checkDeformable(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input: shape, offset_mask, output, gradient } = Golden.parse(golden);
  const layer = new DeformableConv(8, 6);
  const parameters = layer.parameters('dcn');
  const shapes = shapesOf(parameters);
  const state = goldenState(shapes, 1, new Map());
  const offsets = state.get('dcn.conv_offset_mask.weight')!.data as Float32Array;
  offsets.set(offsets.map((value) => value * OFFSET_GAIN));
  const [x, target] = [input('x', shape), input('target', output.shape)];
  const { result, outputs } = trace('train', () => layer.apply(x));
  const names = Object.keys(gradient);
  const tensors = names.map((path) => (path === 'input' ? x : parameters.get(`dcn.${path}`)!.tensor));
  const found = gradients(sum(mul(result, target)), tensors);
  const watched = Object.fromEntries(names.map((path, i) => [`gradient.${path}`, found[i]!]));
  const together = outputs.get('dcn.conv_offset_mask') as typeof result;
  const executable = await compileHere(buildGraph({ y: result, together, ...watched }), state);
  try {
    const results = await executable.run({
      x: goldenPicture('input', name, shape),
      target: goldenPicture('target', name, output.shape),
    });
    const value = { relative: 1e-4, absolute: 1e-4 };
    return [
      { quantity: 'offsets and mask', ...compareSummary('offsets', offset_mask, results.together!, value) },
      { quantity: 'output', ...compareSummary('output', output, results.y!, value) },
      ...names.map((path) => ({
        quantity: `gradient by ${path}`,
        ...compareSummary(path, gradient[path]!, results[`gradient.${path}`]!, { relative: 1e-3, absolute: 1e-3 }),
      })),
    ];
  } finally {
    await executable.dispose();
  }
}
