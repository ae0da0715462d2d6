import type { Graph } from '../../graph/graph.js';
import type { State } from '../../graph/tensor-data.js';
import { messageOf, UserError } from '../../support/error.js';
import type { Executable } from '../executable.js';
import { prepareModels } from '../onnxruntime/prepare.js';
import { openWebModels, type WebDevice, type WebRuntime } from './session.js';

export interface BrowserEngineOptions {
  /** Default: auto, which is webgpu where the browser gives a GPU, else wasm. */
  readonly device?: WebDevice | 'auto';
  /**
   * Threads of WebAssembly; default: one per core. More than one need a page that is isolated from other origins
   * (`crossOriginIsolated`); elsewhere there is one.
   */
  readonly threads?: number;
  /** Folder from which onnxruntime-web's .mjs and .wasm files are loaded; default: beside the bundle. Ends in a slash. */
  readonly assets?: string;
}

/** What runs graphs in a browser, in the calling thread: open it in a Web Worker. */
export interface BrowserEngine {
  /** "onnxruntime-web webgpu", "onnxruntime-web wasm": for people. */
  readonly description: string;
  readonly device: WebDevice;
  /** Threads of WebAssembly; 1 on a GPU. */
  readonly threads: number;
  inference(graph: Graph, state: State): Promise<Executable>;
}

/** What is asked of a browser's global object. */
interface BrowserGlobal {
  readonly crossOriginIsolated?: boolean;
  readonly navigator: {
    readonly hardwareConcurrency?: number;
    readonly gpu?: { requestAdapter(): Promise<object | null> };
  };
}

/**
 * Chooses onnxruntime-web's build for WebGPU or the one for WebAssembly alone, and loads it.
 * @throws UserError where WebGPU is asked for and the browser gives no GPU, or a file of onnxruntime-web is not there
 */
export async function openBrowserEngine(options: BrowserEngineOptions = {}): Promise<BrowserEngine> {
  const here = globalThis as unknown as BrowserGlobal;
  const { device: wanted = 'auto', assets } = options;
  const hasGpu = wanted !== 'wasm' && ((await here.navigator.gpu?.requestAdapter()) ?? null) !== null;
  if (wanted === 'webgpu' && !hasGpu)
    throw new UserError('this browser gives no GPU to WebGPU; use device "wasm", or another browser');
  const device = hasGpu ? 'webgpu' : 'wasm';
  const threads = here.crossOriginIsolated ? (options.threads ?? here.navigator.hardwareConcurrency ?? 1) : 1;
  const ort = await load(device);
  if (assets !== undefined) ort.env.wasm.wasmPaths = assets;
  ort.env.wasm.numThreads = threads;
  return {
    description: `onnxruntime-web ${device}`,
    device,
    threads: device === 'wasm' ? threads : 1,
    inference: (graph, state) =>
      openWebModels(ort, prepareModels(graph, state, { device: device === 'wasm' ? 'cpu' : 'webgpu' }), device),
  };
}

async function load(device: WebDevice): Promise<WebRuntime> {
  try {
    return device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm');
  } catch (thrown) {
    throw new UserError(`onnxruntime-web cannot be loaded (${messageOf(thrown)}); check that all of the app is served`);
  }
}
