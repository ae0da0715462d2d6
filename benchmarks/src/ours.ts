import { createInterface } from 'node:readline';
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
import { ssimAndL1 } from '@unweather/durn/study';
import { networkNamed } from '@unweather/model';
import { PAPERS, type PaperName } from 'unweather/papers';
import type { NetName, NetworkRequest, Timing } from './peer.js';
import { l1Loss, PlainNet } from './plain-net.js';

// Our side of a timing: the counterpart of torch/step.py, with the same lines in and out.

/** Papers of the networks, and the networks' names; MANAS' is in the request. */
const NETS: Readonly<Record<Exclude<NetName, 'plain'>, readonly [paper: PaperName, network?: string]>> = {
  'durn-p': ['durn', 'DuRN_P'],
  'durn-p-no-norm': ['durn', 'DuRN_P_no_norm'],
  'durn-u': ['durn', 'DuRN_U'],
  'durn-us': ['durn', 'DuRN_US'],
  'durn-s': ['durn', 'DuRN_S'],
  'durn-s-p': ['durn', 'DuRN_S_P'],
  aecr: ['aecr', 'AECR-Net'],
  manas: ['manas'],
};

async function networkOf({ net, architecture }: NetworkRequest): Promise<PictureNetwork> {
  if (net === 'plain') return new PlainNet();
  const [paper, name = architecture!] = NETS[net];
  return networkNamed((await PAPERS[paper].model()).model, name).create();
}

async function open(request: NetworkRequest, network: PictureNetwork): Promise<Executable> {
  const { net, kind, batch, size } = request;
  const { channels } = formatOf(network);
  if (kind === 'infer') return compileHere(inferenceGraph(network, channels), initialState(network.parameters(), 1));
  const loss = net.startsWith('durn') ? ssimAndL1 : l1Loss;
  const step = trainingStep(network, loss, { batch, channels, height: size, width: size });
  return compileHere(step.graph, new Map([...initialState(step.parameters, 1), ...step.optimiserState()]));
}

async function time(executable: Executable, request: NetworkRequest, channels: number, step: number): Promise<Timing> {
  const { kind, batch, size } = request;
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

let opened: { readonly executable: Executable; readonly channels: number } | undefined;
let step = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as NetworkRequest;
  if (opened === undefined) {
    const network = await networkOf(request);
    opened = { executable: await open(request, network), channels: formatOf(network).channels };
  }
  step++;
  const timing = await time(opened.executable, request, opened.channels, step);
  process.stdout.write(`${JSON.stringify(timing)}\n`);
}
await opened?.executable.dispose();
