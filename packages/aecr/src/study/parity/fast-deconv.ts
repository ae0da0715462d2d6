import {
  buildGraph,
  compileHere,
  goldenPicture,
  goldenState,
  gradients,
  input,
  mul,
  type State,
  shapesOf,
  sum,
  type TensorData,
  trace,
  UserError,
} from '@unweather/core-tensor';
import { compareSummary, type GoldenCheck, numbersAsSummary, Summary } from '@unweather/lab';
import { z } from 'zod';
import { FastDeconv, whiteningOf } from '../../networks/fast-deconv.js';

const Values = z.union([Summary, z.array(z.number())]);
const Buffers = { running_mean: Values, running_deconv: Values };

const Golden = z.object({
  case: z.string(),
  input: z.array(z.int().positive()),
  initial: z.object(Buffers),
  eval_before: Summary,
  train1: z.object({
    ...Buffers,
    output: Summary,
    covariance: Summary,
    inverse_root: Summary,
    gradient: z.object({ weight: Values, bias: Values, input: Values }),
  }),
  /** `input` is a seed in which "CASE" stands for the case: "input:CASE:2". */
  train2: z.object({ ...Buffers, input: z.string(), output: Summary }),
  eval_after: Summary,
});

const VALUE = { relative: 1e-4, absolute: 1e-4 };
const GRADIENT = { relative: 1e-3, absolute: 1e-2 };

/** Extracts the part of a picture's seed after "input:", with the case's name filled in. */
function seedOf(input: string, name: string): string {
  if (!input.startsWith('input:CASE'))
    throw new UserError(`train2.input "${input}": it does not begin with "input:CASE"`);
  return input.replace('input:CASE', name);
}

/** Checks the whitening convolution alone, in evaluation before and after two passes in training: fastdeconv.*.json. */
export async function checkFastDeconv(golden: unknown): Promise<GoldenCheck[]> {
  const { case: name, input: shape, initial, eval_before, train1, train2, eval_after } = Golden.parse(golden);
  const layer = new FastDeconv();
  const parameters = layer.parameters('deconv');
  const shapes = shapesOf(parameters);
  const first = goldenState(shapes, 1);
  const x = input('x', shape);
  const target = input('target', shape);
  const pass = trace('train', () => layer.apply(x));
  const { covariance, inverseRoot } = whiteningOf(x);
  const names = ['weight', 'bias'] as const;
  const tensors = [...names.map((path) => parameters.get(`deconv.${path}`)!.tensor), x];
  const [weight, bias, byInput] = gradients(sum(mul(pass.result, target)), tensors);
  const outputs = { output: pass.result, covariance, inverse_root: inverseRoot };
  const watched = { 'gradient.weight': weight!, 'gradient.bias': bias!, 'gradient.input': byInput! };
  const feeds = { x: goldenPicture('input', name, shape), target: goldenPicture('target', name, shape) };

  const executable = await compileHere(buildGraph({ ...outputs, ...watched }, pass.updates), first);
  try {
    const evaluate = async (state: State, picture: TensorData) => {
      const y = trace('eval', () => layer.apply(x)).result;
      const evaluation = await compileHere(buildGraph({ y }), state);
      const { y: values } = await evaluation.run({ x: picture });
      await evaluation.dispose();
      return values;
    };
    const before = await evaluate(first, feeds.x);
    const one = await executable.run(feeds);
    const afterOne = new Map([...first, ...(await executable.state())]);
    const second = goldenPicture('input', seedOf(train2.input, name), shape);
    const two = await executable.run({ ...feeds, x: second });
    const afterTwo = new Map([...first, ...(await executable.state())]);
    const check = (
      quantity: string,
      values: z.infer<typeof Values>,
      got: TensorData | undefined,
      tolerance = VALUE,
    ) => ({
      quantity,
      ...compareSummary(quantity, numbersAsSummary(values, got!), got, tolerance),
    });
    const state = (pass: string, values: z.infer<z.ZodObject<typeof Buffers>>, of: State) =>
      (['running_mean', 'running_deconv'] as const).map((path) =>
        check(`${pass}: ${path}`, values[path], of.get(`deconv.${path}`)),
      );
    return [
      ...state('first', initial, first),
      check('evaluation before', eval_before, before),
      check('pass 1: output', train1.output, one.output),
      check('pass 1: covariance', train1.covariance, one.covariance),
      check('pass 1: inverse root', train1.inverse_root, one.inverse_root, { relative: 1e-4, absolute: 4e-4 }),
      ...(['weight', 'bias', 'input'] as const).map((path) =>
        check(`pass 1: gradient by ${path}`, train1.gradient[path], one[`gradient.${path}`], GRADIENT),
      ),
      ...state('pass 1', train1, afterOne),
      check('pass 2: output', train2.output, two.output),
      ...state('pass 2', train2, afterTwo),
      check('evaluation after', eval_after, await evaluate(afterTwo, second)),
    ];
  } finally {
    await executable.dispose();
  }
}
