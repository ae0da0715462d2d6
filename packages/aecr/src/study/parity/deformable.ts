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
  UserError,
} from '@unweather/core-tensor';
import { compareSummary, type GoldenCheck, Summary } from '@unweather/lab';
import { pick } from '@unweather/model';
import { z } from 'zod';
import { DeformableConv } from '../../networks/deformable.js';

const Batch = z.tuple([z.int().positive(), z.int().positive(), z.int().positive(), z.int().positive()]);

const Golden = z.object({
  case: z.string(),
  input: Batch,
  /** Description in words: channels, kernel, and the formula of the weights. */
  layer: z.string(),
  offset_mask: Summary,
  output: Summary.extend({ shape: Batch }),
  gradient: z.record(z.string(), Summary),
});

/** Geometry of the layer, the only supported one. */
const GEOMETRY = '3x3, stride 1, padding 1';

/** Reads the gain of the offsets' weights from a file's description; large offsets cross the border. */
function offsetGain(layer: string): number {
  if (!layer.includes(GEOMETRY)) throw new UserError(`layer "${layer}": only ${GEOMETRY} can be checked`);
  const gain = /conv_offset_mask\.weight with gain ([\d.]+)/.exec(layer)?.[1];
  if (gain === undefined)
    throw new UserError(`layer "${layer}": it does not say "conv_offset_mask.weight with gain …"`);
  return Number(gain);
}

/** Checks the deformable layer alone, with the file's channels, and all gradients: dcn.*.json. */
export async function checkDeformable(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input: shape, layer: words, offset_mask, output, gradient } = Golden.parse(golden);
  const layer = new DeformableConv(shape[1], output.shape[1]);
  const gain = offsetGain(words);
  const parameters = layer.parameters('dcn');
  const shapes = shapesOf(parameters);
  const state = goldenState(shapes, 1);
  const offsets = state.get('dcn.conv_offset_mask.weight')!.data as Float32Array;
  offsets.set(offsets.map((value) => value * gain));
  const [x, target] = [input('x', shape), input('target', output.shape)];
  const { result, outputs } = trace('train', () => layer.apply(x));
  const names = Object.keys(gradient);
  const byName = Object.fromEntries([...parameters].map(([path, parameter]) => [path.slice('dcn.'.length), parameter]));
  const tensors = names.map((path) => (path === 'input' ? x : pick('tensor', byName, path).tensor));
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
