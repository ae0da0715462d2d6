import {
  add,
  buildGraph,
  compileHere,
  float32,
  goldenPicture,
  goldenState,
  gradients,
  input,
  type State,
  shapesOf,
  type TensorData,
} from '@unweather/core-tensor';
import { compare, compareSummary, type GoldenCheck, norm, readOptimiser, Summary } from '@unweather/lab';
import { z } from 'zod';
import { AFRNet } from '../../networks/afrnet.js';
import { featureError, featuresOf, judge, perceptualTerm } from '../losses/perceptual.js';
import { afrStep, type Judged, restorationTerms } from '../losses/restoration.js';
import { signedPicture, weightsOf } from './networks.js';

const Numbers = z.record(z.string(), z.number());
const Golden = z.object({
  case: z.string(),
  input: z.tuple([z.int(), z.int(), z.int(), z.int()]),
  gain: z.number(),
  vgg_gain: z.number(),
  /** Optimiser in words, as `readOptimiser` parses them. */
  optimiser: z.string(),
  loss: Numbers,
  output: z.record(z.string(), Summary),
  'perceptual_mse_before_the_0.005': z.number(),
  perceptual_mse_grad_norm_wrt_full_output: z.number(),
  vgg_relu2_2_of_target: Summary,
  gradient: Numbers,
  updated: Numbers,
});

/** Names of our loss terms by the file's names. */
const TERMS: Readonly<Record<string, string>> = {
  FU_loss: 'full',
  HA_loss: 'half',
  HAHA_loss: 'quarter',
  HAHAHA_loss: 'eighth',
  MSK_Loss: 'mask',
  PER_Loss: 'perceptual',
  DR_Loss: 'DR',
  derain_loss: 'total',
};

const VGG_NAMES = ['conv1_1', 'conv1_2', 'conv2_1', 'conv2_2'];

/** Makes a VGG19 and its weights, filled by the names in golden files. */
function vggState(gain: number): { state: State; vgg: ReturnType<typeof judge> } {
  const vgg = judge('literal');
  const shapes = shapesOf(vgg.parameters('vgg19'));
  const state: State = new Map();
  for (const [i, [name, shape]] of shapes.entries()) {
    const golden = `vgg19.${VGG_NAMES[Math.floor(i / 2)]}.${name.split('.').at(-1)}`;
    state.set(name, goldenState([[golden, shape]], gain).get(golden)!);
  }
  return { state, vgg };
}

/** Checks losses, gradients and one step of TensorFlow's Adam: AFRNet.train.*.json. */
export async function checkTraining(golden: unknown): Promise<GoldenCheck[]> {
  const expected = Golden.parse(golden);
  const { case: name, input: shape, gain } = expected;
  const [batch, channels, height, width] = shape;
  const network = new AFRNet();
  const { vgg, state: vggWeights } = vggState(expected.vgg_gain);
  const terms = (judged: Judged) => {
    const { total, ...others } = restorationTerms(judged);
    const { full, half, quarter, eighth } = others;
    const perceptual = perceptualTerm(vgg, 'literal', judged.restored.full, judged.truth);
    const DR = [half, quarter, eighth].reduce((a, b) => add(a!, b!), full)!;
    return { total: add(total!, perceptual), ...others, perceptual, DR };
  };
  const mask = input('marked', [batch, 1, height, width]);
  const { optimiser, rate } = readOptimiser(expected.optimiser);
  const step = afrStep(network, terms, { batch, channels, height, width }, { inspect: true, optimiser, mask });
  const first: State = new Map([...weightsOf(network, gain), ...vggWeights]);
  const executable = await compileHere(step.graph, new Map([...first, ...step.optimiserState()]), { rewrite: false });
  const drawn = goldenPicture('mask', name, [batch, 1, height, width]);
  const marked = float32(
    (drawn.data as Float32Array<ArrayBuffer>).map((value) => (value >= 0.5 ? 1 : 0)),
    drawn.shape,
  );
  let results: Readonly<Record<string, TensorData>>;
  let after: State;
  try {
    const pictures = { input: goldenPicture('input', name, shape), target: goldenPicture('target', name, shape) };
    results = await executable.run({ ...pictures, marked, ...step.optimiser.inputs(1, rate) });
    after = await executable.state();
  } finally {
    await executable.dispose();
  }
  return [
    ...Object.entries(expected.output).map(([part, summary]) => ({
      quantity: `output ${part}`,
      ...compareSummary(part, summary, results[`output.${part}`]!, { relative: 1e-5, absolute: 1e-5 }),
    })),
    {
      quantity: 'loss terms',
      ...compare(
        Object.entries(expected.loss),
        (term) => results[TERMS[term]!] && Number(results[TERMS[term]!]!.data[0]),
        // PER_Loss is a difference of features that are hundreds of times as large.
        (term) => ({ relative: term === 'PER_Loss' ? 1e-2 : 1e-5, absolute: 0 }),
      ),
    },
    {
      quantity: 'gradient norms',
      ...compare(
        Object.entries(expected.gradient),
        (path) => norm(results[`gradient.${path}`]),
        () => ({ relative: 1e-3, absolute: 0 }),
      ),
    },
    {
      quantity: 'parameters after a step',
      ...compare(
        Object.entries(expected.updated),
        (path) => norm(after.get(path)),
        (path) => ({ relative: 1e-5, absolute: 0.1 * rate * Math.sqrt(after.get(path)?.data.length ?? 0) }),
      ),
    },
    ...(await checkPerceptual(expected, results['output.full']!)),
  ];
}

async function checkPerceptual(expected: z.infer<typeof Golden>, output: TensorData): Promise<GoldenCheck[]> {
  const { vgg, state } = vggState(expected.vgg_gain);
  const [full, target] = [input('full', expected.input), input('target', expected.input)];
  const error = featureError(vgg, 'literal', full, target);
  const tensors = { error, gradient: gradients(error, [full])[0]!, features: featuresOf(vgg, 'literal', target) };
  const executable = await compileHere(buildGraph(tensors), state);
  const feeds = { full: output, target: signedPicture('target', expected.case, expected.input) };
  const results = await executable.run(feeds);
  await executable.dispose();
  const numbers = {
    'perceptual error': expected['perceptual_mse_before_the_0.005'],
    'its gradient': expected.perceptual_mse_grad_norm_wrt_full_output,
  };
  const got = { 'perceptual error': Number(results.error!.data[0]), 'its gradient': norm(results.gradient) };
  return [
    {
      quantity: 'perceptual',
      ...compare(
        Object.entries(numbers),
        (name) => got[name as keyof typeof got],
        () => ({ relative: 1e-2, absolute: 0 }),
      ),
    },
    {
      quantity: 'relu2_2',
      ...compareSummary('relu2_2', expected.vgg_relu2_2_of_target, results.features, {
        relative: 1e-4,
        absolute: 1e-3,
      }),
    },
  ];
}
