import {
  buildGraph,
  compileHere,
  float32,
  goldenPicture,
  goldenState,
  input,
  type Module,
  type State,
  shapesOf,
  type Tensor,
  type TensorData,
  trace,
} from '@unweather/core-tensor';
import { compareSummary, compareTexts, type GoldenCheck, Summary } from '@unweather/lab';
import { z } from 'zod';
import { AFRNet } from '../../networks/afrnet.js';
import { MaskDecoder } from '../../networks/decoder.js';
import { Encoder } from '../../networks/encoder.js';
import { channelsOf, type Features } from '../../networks/features.js';
import { AfrModule } from '../../networks/refinement.js';
import { tensorflowName } from '../../tensorflow/names.js';

/** Fills all weights by the golden files' formula; none keeps its initial value. */
export function weightsOf(network: Module<never[], unknown>, gain: number, prefix = ''): State {
  return goldenState(shapesOf(network.parameters(prefix)), gain);
}

/** A golden picture in [−1, 1]. */
export function signedPicture(kind: string, name: string, shape: readonly number[]): TensorData {
  const { data } = goldenPicture(kind, name, shape);
  return float32(
    (data as Float32Array<ArrayBuffer>).map((value) => 2 * value - 1),
    shape,
  );
}

/** Runs tensors once. */
export async function run(
  tensors: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, TensorData>>,
  state: State,
): Promise<Record<string, TensorData>> {
  const executable = await compileHere(buildGraph(tensors), state);
  try {
    return await executable.run(feeds);
  } finally {
    await executable.dispose();
  }
}

const VALUE = { relative: 1e-5, absolute: 1e-5 };

/** Compares each named tensor with its summary. */
function summaries(expected: Readonly<Record<string, Summary>>, got: Readonly<Record<string, TensorData>>, what = '') {
  return Object.entries(expected).map(
    ([name, summary]): GoldenCheck => ({
      quantity: `${what}${name}`,
      ...compareSummary(name, summary, got[name], VALUE),
    }),
  );
}

const Eval = z.object({
  case: z.string(),
  input: z.array(z.int()),
  gain: z.number(),
  output: z.record(z.string(), Summary),
});

/** Checks the five outputs of the teacher: AFRNet.eval.*.json. */
export async function checkOutputs(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input: shape, gain, output } = Eval.parse(golden);
  const network = new AFRNet();
  const state = weightsOf(network, gain);
  const { full, half, quarter, eighth, mask } = trace('eval', () => network.restore(input('x', shape))).result;
  const got = await run({ full, half, quarter, eighth, mask }, { x: signedPicture('input', name, shape) }, state);
  return summaries(output, got);
}

const StateFile = z.object({
  parameters: z.object({ tensors: z.int(), elements: z.int() }),
  state: z.array(z.tuple([z.string(), z.array(z.int()), z.string(), z.array(z.int())])),
});

/** Checks names and shapes, ours and TensorFlow's: AFRNet.state.json. */
export function checkState(golden: unknown): GoldenCheck[] {
  const { state, parameters } = StateFile.parse(golden);
  const shapes = shapesOf(new AFRNet().parameters());
  const elements = shapes.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const ours = state.map(([, , name, shape]) => [name, shape]);
  return [
    { quantity: 'state', ...compareTexts(ours, shapes) },
    { quantity: 'parameters', ...compareTexts([parameters], [{ tensors: shapes.length, elements }]) },
    {
      quantity: 'TensorFlow names',
      ...compareTexts(
        state.map(([theirs]) => theirs),
        shapes.map(([name]) => tensorflowName(name)),
      ),
    },
  ];
}

const Size = z.int().positive();
const Map4 = Summary.extend({ shape: z.tuple([Size, Size, Size, Size]) });
const Part = z.record(z.string(), Map4);
const Blocks = z.object({
  case: z.string(),
  gain: z.number(),
  LRB1: z.object({ d0: Map4, d1: Map4, d2: Map4, d3: Map4 }),
  ATB1: z.object({ attended: Map4, mask_features: Map4 }),
  RRB1: Part,
  SEN: Part.and(z.object({ stem: Map4 })),
  MDE: Part,
});

/** Shapes of the inputs, which equal those of each part's outputs; the picture has the size of its stem. */
function inputShapes({ LRB1, ATB1, SEN }: z.infer<typeof Blocks>) {
  const withChannels = (channels: number, { shape: [batch, , height, width] }: z.infer<typeof Map4>) => [
    ...[batch, channels, height, width],
  ];
  return {
    ...{ e0: LRB1.d0.shape, e1: LRB1.d1.shape, e2: LRB1.d2.shape, e3: LRB1.d3.shape },
    mask: withChannels(1, ATB1.mask_features),
    fm: ATB1.mask_features.shape,
    img: withChannels(3, SEN.stem),
  };
}

/** Checks the encoder, the mask decoder and each part of one AFR module alone: AFRNet.blocks*.json. */
export async function checkBlocks(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, gain, ...expected } = Blocks.parse(golden);
  const shapes = inputShapes({ case: name, gain, ...expected });
  const all = Object.entries(shapes);
  const inputs = Object.fromEntries(all.map(([kind, shape]) => [kind, input(`${kind}_in`, shape)]));
  const feeds = Object.fromEntries(
    all.map(([kind, shape]) => [kind, signedPicture('input', `${name}:${kind}`, shape)]),
  );
  const features = [inputs.e0!, inputs.e1!, inputs.e2!, inputs.e3!] as const satisfies Features;
  const rain = { mask: inputs.mask!, features: inputs.fm! };
  const module = new AfrModule(channelsOf(shapes.e0[1]));
  const [, width] = expected.SEN.stem.shape;
  const [encoder, masks] = [new Encoder(width), new MaskDecoder(width)];
  const state: State = new Map([
    ...weightsOf(module.LRB, gain, 'FMREF.LRB1'),
    ...weightsOf(module.ATB, gain, 'FMREF.ATB1'),
    ...weightsOf(module.RRB, gain, 'FMREF.RRB1'),
    ...weightsOf(encoder, gain, 'SEN'),
    ...weightsOf(masks, gain, 'MDE'),
  ]);
  const checks: GoldenCheck[] = [];
  const check = async (part: keyof typeof expected, tensors: Record<string, Tensor>) => {
    const wanted = expected[part];
    // A part's graph has only the inputs that the part reads.
    const { inputs: read } = buildGraph(tensors);
    const fed = Object.fromEntries(
      Object.entries(feeds)
        .filter(([kind]) => read.has(`${kind}_in`))
        .map(([kind, value]) => [`${kind}_in`, value]),
    );
    checks.push(...summaries(wanted, await run(tensors, fed, state), `${part}: `));
  };
  const [d0, d1, d2, d3] = module.LRB.apply(features);
  await check('LRB1', { d0, d1, d2, d3 });
  const { attended, features: onwards } = module.ATB.apply(d0, rain);
  await check('ATB1', { attended, mask_features: onwards });
  const [e0, e1, e2, e3] = module.RRB.apply(attended, [d0, d1, d2, d3]);
  await check('RRB1', { e0, e1, e2, e3 });
  const { stem, levels } = encoder.apply(inputs.img!);
  await check('SEN', { stem, ...Object.fromEntries(levels.map((level, i) => [`EN_${i}`, level])) });
  const decoded = masks.apply(stem, levels);
  await check('MDE', { mask: decoded.mask, mask_features: decoded.features });
  return checks;
}
