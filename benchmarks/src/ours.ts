import { createInterface } from 'node:readline';
import {
  adam,
  compileHere,
  type Executable,
  float32,
  inferenceGraph,
  initialState,
  Random,
  trainingStep,
} from '@unweather/core-tensor';
import { DuRN_S, ssimAndL1 } from '@unweather/durn';
import type { Request, Timing } from './peer.js';
import { l1Loss, PlainNet } from './plain-net.js';

// Our side of a timing: the counterpart of torch/step.py, with the same lines in and out.

const NETS = {
  'durn-s': { create: () => new DuRN_S(), loss: ssimAndL1 },
  plain: { create: () => new PlainNet(), loss: l1Loss },
};

async function open({ net, kind, size }: Request): Promise<Executable> {
  const { create, loss } = NETS[net];
  const network = create();
  if (kind === 'infer') return compileHere(inferenceGraph(network), initialState(network.parameters(), 1));
  const step = trainingStep(network, loss, { channels: 3, height: size, width: size });
  return compileHere(step.graph, new Map([...initialState(step.parameters, 1), ...step.optimiserState()]));
}

async function time(executable: Executable, { kind, batch, size }: Request, step: number): Promise<Timing> {
  const picture = (name: string) => {
    const random = Random.named(name, step);
    const values = Float32Array.from({ length: batch * 3 * size * size }, () => random.uniform());
    return float32(values, [batch, 3, size, size]);
  };
  const extra = kind === 'train' ? { target: picture('target'), ...adam().inputs(step, 1e-3) } : {};
  const inputs = { input: picture('input'), ...extra };
  const start = performance.now();
  await executable.run(inputs);
  return { ms: performance.now() - start, mb: process.resourceUsage().maxRSS / 1024 };
}

let executable: Executable | undefined;
let step = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  executable ??= await open(request);
  step++;
  process.stdout.write(`${JSON.stringify(await time(executable, request, step))}\n`);
}
await executable?.dispose();
