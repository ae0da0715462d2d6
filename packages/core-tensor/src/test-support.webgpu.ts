import { compileHere } from './engines/onnxruntime/compile.js';
import { requireDevice } from './engines/onnxruntime/devices.js';
import { explainDevice } from './engines/onnxruntime/explain.js';
import type { Tensor } from './graph/tensor.js';
import type { State, TensorData } from './graph/tensor-data.js';
import { l1 } from './losses/l1.js';
import { initialState } from './nn/network.js';
import { mul } from './ops/mul.js';
import { UserError } from './support/error.js';
import { filling, golden, lossAndGradients } from './test-support.js';
import { EveryOperation, testPicture } from './test-support.network.js';
import { OPERATIONS, type OperationCase } from './test-support.operations.js';
import { trainingStep } from './train/step.js';

// Runs ten steps on the CPU and on WebGPU, in a separate process; prints the differences as JSON.

const network = new EveryOperation();
const step = trainingStep(network, (output, target) => ({ total: l1(output, target) }), {
  channels: 3,
  height: 12,
  width: 10,
});
const state: State = new Map([...initialState(step.parameters, 1), ...step.optimiserState()]);
const picture = (scale: number): TensorData => ({
  dtype: 'float32',
  shape: [1, 3, 12, 10],
  data: testPicture(1, 12, 10).map((v) => v * scale),
});
const batch = { input: picture(1), target: picture(0.7) };

async function train(device: 'cpu' | 'webgpu') {
  const executable = await compileHere(step.graph, state, { device });
  const losses: number[] = [];
  for (let i = 1; i <= 10; i++) {
    const { total } = await executable.run({ ...batch, ...step.optimiser.inputs(i, 0.005) });
    losses.push(Number(total!.data[0]));
  }
  const after = await executable.state();
  await executable.dispose();
  return { losses, after };
}

try {
  await requireDevice('webgpu');
} catch (thrown) {
  if (!(thrown instanceof UserError)) throw thrown;
  process.stdout.write(JSON.stringify({ skipped: thrown.message }));
  process.exit(0);
}
const gpu = await train('webgpu');
const cpu = await train('cpu');
/** A norm undoes the shift before it, so the shift's gradient is rounding noise, which moves the running mean. */
const NOISE = ['enter.bias', 'down.bias', 'norm.running_mean'];
let worst = 0;
let where = '';
for (const [name, { data }] of cpu.after) {
  if (NOISE.some((noise) => name.endsWith(noise))) continue;
  const other = gpu.after.get(name)!.data;
  for (const [i, value] of data.entries()) {
    const apart = Math.abs(Number(value) - Number(other[i])) / Math.max(1, Math.abs(Number(value)));
    if (apart > worst) {
      worst = apart;
      where = name;
    }
  }
}
/** Golden operations that differ between the devices; each is squared so that its gradient depends on the run. */
const differing: string[] = [];
for (const { name, inputs } of golden<OperationCase[]>('ops.json')) {
  const squared = (...tensors: Tensor[]) => {
    const y = OPERATIONS[name]!(...tensors);
    return mul(y, y);
  };
  const graph = lossAndGradients(squared, inputs);
  const feeds = Object.fromEntries(inputs.map((shape, i) => [`x${i}`, filling(shape, i)]));
  const results = [];
  for (const device of ['cpu', 'webgpu'] as const) {
    const executable = await compileHere(graph, new Map(), { device });
    results.push(await executable.run(feeds));
    await executable.dispose();
  }
  const [ours, theirs] = results as [Record<string, TensorData>, Record<string, TensorData>];
  for (const [output, { data }] of Object.entries(ours)) {
    const numbers = Array.from(data as ArrayLike<number | bigint>, Number);
    const largest = Math.max(1, ...numbers.map(Math.abs));
    const apart = Math.max(...numbers.map((value, i) => Math.abs(value - Number(theirs[output]!.data[i]))));
    if (!(apart < 1e-4 * largest)) differing.push(`${name}: ${output}`);
  }
}
const { onDevice, onCpu, rewritten } = await explainDevice(step.graph, state, 'webgpu', { batch: 1 });
const result = {
  cpu: cpu.losses,
  gpu: gpu.losses,
  worst,
  where,
  differing,
  onDevice: [...onDevice.keys()],
  onCpu: [...onCpu.keys()],
  rewritten,
};
process.stdout.write(JSON.stringify(result));
