import { workerData } from 'node:worker_threads';
import { serve } from '../thread/serve.js';
import type { PreparedModels } from './prepare.js';
import { type OnnxOptions, openModels } from './session.js';

// The thread that owns one session of onnxruntime-node.

const { prepared, options } = workerData as { prepared: PreparedModels; options: OnnxOptions };
serve(() => openModels(prepared, options));
