import { createInterface } from 'node:readline';
import { AECRNet } from '@unweather/aecr';
import {
  adam,
  compileHere,
  type Executable,
  float32,
  formatOf,
  inferenceGraph,
  initialState,
  type PictureNetwork,
  Random,
  trainingStep,
} from '@unweather/core-tensor';
import { DuRN_P, DuRN_P_no_norm, DuRN_S, DuRN_S_P, DuRN_U, DuRN_US } from '@unweather/durn';
import { ssimAndL1 } from '@unweather/durn/study';
import { architectureNamed, DerivedNetwork } from '@unweather/manas';
import type { NetName, NetworkRequest, Timing } from './peer.js';
import { l1Loss, PlainNet } from './plain-net.js';

// Our side of a timing: the counterpart of torch/step.py, with the same lines in and out.

const NETS: Readonly<Record<NetName, (request: NetworkRequest) => PictureNetwork>> = {
  'durn-p': () => new DuRN_P(),
  'durn-p-no-norm': () => new DuRN_P_no_norm(),
  'durn-u': () => new DuRN_U(),
  'durn-us': () => new DuRN_US(),
  'durn-s': () => new DuRN_S(),
  'durn-s-p': () => new DuRN_S_P(),
  aecr: () => new AECRNet(),
  manas: ({ architecture }) => new DerivedNetwork(architectureNamed(architecture!)!),
  plain: () => new PlainNet(),
};

async function open(request: NetworkRequest): Promise<Executable> {
  const { net, kind, batch, size } = request;
  const network = NETS[net](request);
  const { channels } = formatOf(network);
  if (kind === 'infer') return compileHere(inferenceGraph(network, channels), initialState(network.parameters(), 1));
  const loss = net.startsWith('durn') ? ssimAndL1 : l1Loss;
  const step = trainingStep(network, loss, { batch, channels, height: size, width: size });
  return compileHere(step.graph, new Map([...initialState(step.parameters, 1), ...step.optimiserState()]));
}

async function time(executable: Executable, request: NetworkRequest, step: number): Promise<Timing> {
  const { net, kind, batch, size } = request;
  const { channels } = formatOf(NETS[net](request));
  const picture = (name: string) => {
    const random = Random.named(name, step);
    const values = Float32Array.from({ length: batch * channels * size * size }, () => random.uniform());
    return float32(values, [batch, channels, size, size]);
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
  const request = JSON.parse(line) as NetworkRequest;
  executable ??= await open(request);
  step++;
  process.stdout.write(`${JSON.stringify(await time(executable, request, step))}\n`);
}
await executable?.dispose();
