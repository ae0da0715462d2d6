import { type EquippedLoss, equipped, stepOf } from '@unweather/commands';
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

/**
 * Takes one training step of a network as it is trained, and without the engine's passes and onnxruntime's rewriting.
 * @returns of every output the largest difference, as a share of its largest number (at least 1)
 */
export async function differenceByPasses(
  network: PictureNetwork,
  given: Loss | EquippedLoss,
  [height, width]: readonly [number, number] = [24, 20],
): Promise<[name: string, share: number][]> {
  const { channels } = formatOf(network);
  const loss = equipped(given);
  const { judges } = loss;
  const step = stepOf(loss, network, { batch: 2, channels, height, width }, { inspect: true });
  const shapes = shapesOf(judges?.parameters ?? new Map());
  const first = initialState(step.parameters, 1);
  const state: State = new Map([...first, ...step.optimiserState(), ...goldenState(shapes, 1, new Map())]);
  const size = [2, channels, height, width];
  const batch = { input: goldenPicture('input', 'passes', size), target: goldenPicture('target', 'passes', size) };
  const run = async (options: OnnxOptions) => {
    const executable = await compileHere(step.graph, state, options);
    const outputs = await executable.run({ ...batch, ...step.optimiser.inputs(1, 1e-4) });
    await executable.dispose();
    return outputs;
  };
  const [plain, fast] = [await run({ withoutPasses: 'all', rewrite: false }), await run({})];
  return Object.entries(plain).map(([name, { data }]) => {
    const numbers = data as Float32Array;
    const largest = numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
    const worst = numbers.reduce((a, value, i) => Math.max(a, Math.abs(value - Number(fast[name]!.data[i]))), 0);
    return [name, worst / largest];
  });
}
