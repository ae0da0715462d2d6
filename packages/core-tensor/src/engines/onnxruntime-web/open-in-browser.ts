import type { Graph } from '../../graph/graph.js';
import type { State } from '../../graph/tensor-data.js';
import { messageOf, UserError } from '../../support/error.js';
import { openBySize } from '../by-size.js';
import type { Executable } from '../executable.js';
import { prepareModels } from '../onnxruntime/prepare.js';
import { openWebModels, type WebDevice, type WebRuntime } from './session.js';

export interface BrowserEngineOptions {
  /** Default: auto, which takes webgpu if the browser provides a GPU, else wasm. */
  readonly device?: WebDevice | 'auto';
  /**
   * Threads of WebAssembly; default: one per core. More than one requires a page that is isolated from other origins
   * (`crossOriginIsolated`); elsewhere one is used.
   */
  readonly threads?: number;
  /** Folder of onnxruntime-web's .mjs and .wasm files, ending in a slash; default: beside the bundle. */
  readonly assets?: string;
}

/** An engine that runs graphs in a browser, in the calling thread: open it in a Web Worker. */
export interface BrowserEngine {
  /** Name for people: "onnxruntime-web webgpu" or "onnxruntime-web wasm". */
  readonly description: string;
  readonly device: WebDevice;
  /** Threads of WebAssembly; 1 on a GPU. */
  readonly threads: number;
  inference(graph: Graph, state: State): Promise<Executable>;
}

/** Parts of a browser's global object that are used here. */
interface BrowserGlobal {
  readonly crossOriginIsolated?: boolean;
  readonly navigator: {
    readonly hardwareConcurrency?: number;
    readonly gpu?: { requestAdapter(): Promise<object | null> };
  };
}

/**
 * Chooses onnxruntime-web's build for WebGPU or the one for WebAssembly alone, and loads it.
 * @throws UserError if WebGPU is requested and the browser provides no GPU, or a file of onnxruntime-web is missing
 */
export async function openBrowserEngine(options: BrowserEngineOptions = {}): Promise<BrowserEngine> {
  const here = globalThis as unknown as BrowserGlobal;
  const { device: wanted = 'auto', assets } = options;
  const hasGpu = wanted !== 'wasm' && ((await here.navigator.gpu?.requestAdapter()) ?? null) !== null;
  if (wanted === 'webgpu' && !hasGpu)
    throw new UserError('this browser offers no GPU through WebGPU; use device "wasm", or another browser');
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
      openBySize(graph, (sized) =>
        openWebModels(ort, prepareModels(sized, state, { device: device === 'wasm' ? 'cpu' : 'webgpu' }), device),
      ),
  };
}

async function load(device: WebDevice): Promise<WebRuntime> {
  try {
    return device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm');
  } catch (thrown) {
    throw new UserError(
      `onnxruntime-web cannot be loaded (${messageOf(thrown)}); check that the server serves every file of the app`,
    );
  }
}
