import {
  compileHere,
  formatOf,
  goldenPicture,
  goldenState,
  initialState,
  type Loss,
  type OnnxOptions,
  type PictureNetwork,
  type State,
  shapesOf,
} from '@unweather/core-tensor';
import { type EquippedLoss, equipped, stepOf } from '@unweather/lab';

/** Largest difference of each output of a step, as a share of its largest number (at least 1). */
type Differences = [name: string, share: number][];

/** Compares one training step with and without the engine's passes; onnxruntime rewrites neither. */
export function differenceByPasses(
  network: PictureNetwork,
  loss: Loss | EquippedLoss,
  size?: readonly [height: number, width: number],
): Promise<Differences> {
  return differenceBy([{ withoutPasses: 'all', rewrite: false }, { rewrite: false }], network, loss, size);
}

/** Compares one training step with and without onnxruntime's rewriting. */
export function differenceByRewriting(
  network: PictureNetwork,
  loss: Loss | EquippedLoss,
  size?: readonly [height: number, width: number],
): Promise<Differences> {
  return differenceBy([{ rewrite: false }, { rewrite: true }], network, loss, size);
}

async function differenceBy(
  [first, second]: readonly [OnnxOptions, OnnxOptions],
  network: PictureNetwork,
  given: Loss | EquippedLoss,
  [height, width]: readonly [number, number] = [24, 20],
): Promise<Differences> {
  const { channels } = formatOf(network);
  const loss = equipped(given);
  const { judges } = loss;
  const step = stepOf(loss, network, { batch: 2, channels, height, width }, { inspect: true });
  const shapes = shapesOf(judges?.parameters ?? new Map());
  const weights = initialState(step.parameters, 1);
  const state: State = new Map([...weights, ...step.optimiserState(), ...goldenState(shapes, 1)]);
  const size = [2, channels, height, width];
  const batch = { input: goldenPicture('input', 'passes', size), target: goldenPicture('target', 'passes', size) };
  const run = async (options: OnnxOptions) => {
    const executable = await compileHere(step.graph, state, options);
    const outputs = await executable.run({ ...batch, ...step.optimiser.inputs(1, 1e-4) });
    await executable.dispose();
    return outputs;
  };
  const [plain, other] = [await run(first), await run(second)];
  return Object.entries(plain).map(([name, { data }]) => {
    const numbers = data as Float32Array;
    const largest = numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
    const worst = numbers.reduce((a, value, i) => Math.max(a, Math.abs(value - Number(other[name]!.data[i]))), 0);
    return [name, worst / largest];
  });
}
