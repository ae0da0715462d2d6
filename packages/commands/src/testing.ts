import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compileHere,
  formatOf,
  goldenPicture,
  goldenState,
  inferenceGraph,
  initialState,
  type Loss,
  openEngine,
  type PictureNetwork,
  Random,
  type State,
  shapesOf,
  writePng,
} from '@unweather/core-tensor';
import { readRegistry } from '@unweather/datasets';
import { readPublished } from '@unweather/eval';
import { type EquippedLoss, equipped, type Paper, stepOf } from './recipe.js';

// What the papers' tests share.

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a paper's command line in a process of its own. */
export type Run = (
  args: readonly string[],
  watch?: (line: string, child: ChildProcess) => void,
  cwd?: string,
) => Promise<Ended>;

/** @param cli the paper's cli.js */
export function runnerOf(cli: URL): Run {
  return (args, watch = () => undefined, cwd = process.cwd()) => {
    const child = spawn(process.execPath, [fileURLToPath(cli), ...args], { cwd });
    let [stdout, stderr, rest] = ['', '', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) watch(line, child);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    return new Promise((resolve) => {
      child.on('close', (status) => resolve({ status, stdout, stderr }));
    });
  };
}

/** A fresh folder for one test's files. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'unweather-'));
}

/** Writes pairs of noise and their meta file; a size per picture, truth and input. */
export async function writePairs(folder: string, sizes: readonly [truth: number, input: number][]): Promise<string> {
  const entries = [];
  for (const [i, pair] of sizes.entries()) {
    const names = [`gt-${i}.png`, `rain-${i}.png`];
    entries.push(names);
    for (const [j, name] of names.entries()) {
      const [size, random] = [pair[j]!, Random.named(name)];
      const data = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
      await writePng(join(folder, name), { width: size, height: size, data });
    }
  }
  const meta = join(folder, 'meta.json');
  await writeFile(meta, JSON.stringify(entries));
  return meta;
}

/**
 * Takes one training step of a network with the engine's passes and without.
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
  const run = async (withoutPasses: readonly string[] | 'all') => {
    const executable = await compileHere(step.graph, state, { withoutPasses });
    const outputs = await executable.run({ ...batch, ...step.optimiser.inputs(1, 1e-4) });
    await executable.dispose();
    return outputs;
  };
  const [plain, fast] = [await run('all'), await run([])];
  return Object.entries(plain).map(([name, { data }]) => {
    const numbers = data as Float32Array;
    const largest = numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
    const worst = numbers.reduce((a, value, i) => Math.max(a, Math.abs(value - Number(fast[name]!.data[i]))), 0);
    return [name, worst / largest];
  });
}

/**
 * Restores a picture of noise by onnxruntime-node and by onnxruntime-web's WebAssembly.
 * @returns the largest difference between the two, and the largest number of the first
 */
export async function differenceByRuntimes(network: PictureNetwork): Promise<{ apart: number; largest: number }> {
  const { channels, least, multiple } = formatOf(network);
  const side = multiple * Math.ceil(Math.max(least, 32) / multiple);
  const weights = initialState(network.parameters(), 1);
  const input = goldenPicture('input', 'runtimes', [1, channels, side, side + multiple]);
  const outputs = [];
  for (const engine of ['onnxruntime', 'onnxruntime-web'] as const) {
    const { inference, description } = await openEngine({ engine });
    const executable = await inference(inferenceGraph(network, channels), weights);
    const { output } = await executable.run({ input });
    outputs.push({ description, data: output!.data as Float32Array });
    await executable.dispose();
  }
  const [native, wasm] = outputs;
  if (native!.description === wasm!.description)
    throw new Error('onnxruntime-node is not installed: nothing to compare');
  return {
    apart: native!.data.reduce((a, value, i) => Math.max(a, Math.abs(value - wasm!.data[i]!)), 0),
    largest: native!.data.reduce((a, value) => Math.max(a, Math.abs(value)), 0),
  };
}

/** Splits on which a paper's tasks are scored that datasets.json does not have, and protocols that they do not have. */
export async function benchmarkProblems({ tasks, protocols }: Paper): Promise<string[]> {
  const { datasets } = await readRegistry(fileURLToPath(new URL('../../../datasets.json', import.meta.url)));
  const exported = Object.values((await import(protocols.href)) as Record<string, unknown>);
  return Object.entries(tasks).flatMap(([task, { benchmarks, protocols: own }]) => [
    ...own.filter((protocol) => !exported.includes(protocol)).map(({ name }) => `${protocols.href} lacks ${name}`),
    ...Object.entries(benchmarks).flatMap(([place, protocol]) => {
      const [dataset, split] = place.split('/') as [string, string];
      const known = datasets[dataset]?.splits.some(({ name }) => name === split) ?? false;
      const scored = own.some(({ name }) => name === protocol);
      return [
        ...(known ? [] : [`${task}: datasets.json has no ${place}`]),
        ...(scored ? [] : [`${task} has no protocol ${protocol}`]),
      ];
    }),
  ]);
}

/**
 * What is wrong with a paper's published.json: a task or protocol that the paper has not, a dataset in datasets.json
 * without the split, a number that the README does not show.
 */
export async function publishedProblems(paper: Paper, readme: URL): Promise<string[]> {
  const text = await readFile(readme, 'utf8');
  const { datasets } = await readRegistry(fileURLToPath(new URL('../../../datasets.json', import.meta.url)));
  return readPublished(paper.published).flatMap(({ task, dataset, split, protocol, psnr, ssim }) => {
    const protocols = paper.tasks[task]?.protocols.map(({ name }) => name);
    const known = datasets[dataset]?.splits.map(({ name }) => name);
    const shown = [4, 2].some((digits) => text.includes(`${psnr.toFixed(2)} / ${ssim.toFixed(digits)}`));
    return [
      ...(protocols === undefined ? [`there is no task ${task}`] : []),
      ...(protocol === null || protocols?.includes(protocol) ? [] : [`${task} has no protocol ${protocol}`]),
      ...(known === undefined || split === '' || known.includes(split) ? [] : [`${dataset} has no split ${split}`]),
      ...(shown ? [] : [`the README does not show ${psnr.toFixed(2)} / ${ssim.toFixed(4)}`]),
    ];
  });
}
