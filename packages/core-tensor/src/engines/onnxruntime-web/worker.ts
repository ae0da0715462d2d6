import { workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-web';
import { defaultThreads } from '../../support/cores.js';
import type { PreparedModels } from '../onnxruntime/prepare.js';
import { serve } from '../thread/serve.js';
import type { WasmOptions } from './compile.js';
import { openWebModels } from './session.js';

// The thread that owns one session of onnxruntime-web; its WebAssembly starts further threads of its own.

const { prepared, options } = workerData as { prepared: PreparedModels; options: WasmOptions };
ort.env.wasm.numThreads = options.threads ?? defaultThreads();
serve(() => openWebModels(ort, prepared, 'wasm'));
