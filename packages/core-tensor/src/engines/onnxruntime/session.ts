import type { Device } from '../../graph/device.js';
import { defaultThreads } from '../../support/cores.js';
import type { Executable } from '../executable.js';
import type { Entry } from './feeds.js';
import type { PreparedModels } from './prepare.js';
import { loadRuntime } from './runtime.js';
import { SessionExecutable } from './session-executable.js';

/** Options for compiling a graph with onnxruntime. */
export interface OnnxOptions {
  /** Threads per operation; default: the cores that the process may use. */
  readonly threads?: number;
  /** Default: cpu. */
  readonly device?: Device;
  /**
   * Lets onnxruntime rewrite models; default: true for up to 20,000 nodes. It saves up to a tenth of a step, and takes
   * 5 s for 16,000 nodes, but 30 s for 30,000.
   */
  readonly rewrite?: boolean;
  /** Names of passes to leave out, to compare with and without. */
  readonly withoutPasses?: readonly string[] | 'all';
}

/** Largest number of nodes of a model that onnxruntime rewrites by default. */
const REWRITTEN = 20_000;

/** Opens a session on each model. @throws UserError when the device does not work here */
export async function openModels({ models, state }: PreparedModels, options: OnnxOptions): Promise<Executable> {
  const { device = 'cpu', threads = defaultThreads() } = options;
  const ort = await loadRuntime();
  // Loaded on demand: they write graphs, and the schema that this takes costs a thread a quarter of its start.
  if (device !== 'cpu') await (await import('./devices.js')).requireDevice(device);
  const gpu = device === 'webgpu' ? (await import('./gpu-session.js')).GpuExecutable : undefined;
  const entries = new Map<string, Entry>();
  for (const [name, { bytes, carried, outputs, nodes }] of Object.entries(models)) {
    const { rewrite = nodes <= REWRITTEN } = options;
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: [device],
      graphOptimizationLevel: rewrite ? 'all' : 'disabled',
      // With a memory plan for the whole graph, a step of DuRN-S took 1.9 GB; without it, 1.1 GB and no more time.
      enableMemPattern: false,
      // Quantised nodes, which our graphs lack. Merely to look for them, onnxruntime sorts all nodes once more: a quarter
      // of the time to open 60,000 nodes.
      extra: { session: { disable_quant_qdq: '1' } },
      // On other devices onnxruntime warns of every node that stays on the CPU; --explain lists them.
      logSeverityLevel: 3,
      // onnxruntime's own choice was one thread on a virtual machine of two cores.
      intraOpNumThreads: threads,
      ...(gpu && { preferredOutputLocation: gpu.locations({ carried, outputs }, state) }),
    });
    entries.set(name, { session, carried, outputs });
  }
  return gpu ? new gpu(ort, entries, state) : new SessionExecutable(entries, ort.Tensor, state);
}
