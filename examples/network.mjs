// node examples/network.mjs WEIGHTS CLEAN [--steps N]: trains a network of one's own to remove rain, and restores by it.
import { parseArgs } from 'node:util';
import {
  add,
  Conv2d,
  initialState,
  l1,
  Module,
  openEngine,
  Random,
  Restorer,
  readSafetensors,
  relu,
  runTraining,
  toBytes,
  trainingStep,
  writePng,
  writeSafetensors,
} from '@unweather/core-tensor';
import { embeddedPairs, Loader, openPair } from '@unweather/datasets';

/** Three convolutions whose output is added to the picture. [N, 3, H, W] RGB in [0, 1] → the same. */
class ThreeLayers extends Module {
  first = new Conv2d(3, 16, 5, { padding: 2 });
  second = new Conv2d(16, 16, 3, { padding: 1 });
  // Zeros: the network begins as the identity.
  third = new Conv2d(16, 3, 3, { padding: 1, initial: (count) => new Float32Array(count) });

  forward(picture) {
    const features = relu(this.second.apply(relu(this.first.apply(picture))));
    return add(picture, this.third.apply(features));
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string', default: '200' } },
});
const [file, clean] = positionals;
const network = new ThreeLayers();
/** Steps whose mean loss is printed: that of one step says more of its pictures than of the network. */
const EVERY = 50;
const losses = [];

const shape = { batch: 4, channels: 3, height: 64, width: 64 };
const step = trainingStep(network, (output, truth) => ({ total: l1(output, truth) }), shape);
const engine = await openEngine();
const executable = await engine.training(
  step,
  new Map([...initialState(step.parameters, 1), ...step.optimiserState()]),
);
const pairs = (await embeddedPairs('train', 'rain', { everyLevel: true })).filter(isHeavy);
const loader = new Loader({ pairs, order: 'shuffled', visit: 'pair', seed: 1, batch: 4, crop: 64, flip: true });
await runTraining({
  executable,
  shape,
  optimiser: step.optimiser,
  batches: (from) => loader.batches(from),
  learningRate: () => 2e-3,
  from: 0,
  steps: Number(values.steps),
  onStep({ step, loss }) {
    losses.push(loss.total);
    if (step % EVERY === 0) console.log(`step ${step}: loss ${mean(losses.splice(0)).toFixed(4)}`);
  },
});
const state = await executable.state();
// The state holds the optimiser's moments, too, which restoring does not need.
const tensors = new Map([...step.parameters.keys()].map((name) => [name, state.get(name)]));
await writeSafetensors(file, { tensors, metadata: { network: 'ThreeLayers' } });
await loader.close();
await executable.dispose();

const restorer = await Restorer.open(network, (await readSafetensors(file)).tensors);
const [heldOut] = (await embeddedPairs('held-out', 'rain')).filter(isHeavy);
const { input, truth } = await openPair(heldOut, Random.named(heldOut.name));
const restored = toBytes(await restorer.restore(input));
await restorer.dispose();
await writePng(clean, restored);
console.log(
  `${heldOut.name}: ${psnr(input, truth).toFixed(2)} dB in rain, ${psnr(restored, truth).toFixed(2)} dB restored`,
);

function isHeavy({ level }) {
  return level === 'heavy';
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Peak signal-to-noise ratio of two pictures of bytes, in dB. */
function psnr(a, b) {
  const squares = a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / a.data.length));
}
