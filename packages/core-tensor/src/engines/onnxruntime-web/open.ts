import { defaultThreads } from '../../support/cores.js';
import { UserError } from '../../support/error.js';
import { openBySize } from '../by-size.js';
import type { EngineOptions, OpenedEngine } from '../engine.js';
import { HOW_TO_INSTALL } from '../onnxruntime/runtime.js';
import { openReplaced } from '../thread/replaced.js';
import { compileWasm } from './compile.js';

/** Opens onnxruntime-web's WebAssembly in Node: inference on the CPU. @throws UserError for another device */
export function openWasmEngine({ device = 'cpu', threads = defaultThreads() }: EngineOptions): OpenedEngine {
  if (device !== 'cpu' && device !== 'auto')
    throw new UserError(
      `device "${device}" needs onnxruntime-node; install it with ${HOW_TO_INSTALL}, or use --device cpu`,
    );
  const refuse = async () => {
    throw new UserError(`training needs onnxruntime-node; install it with ${HOW_TO_INSTALL}`);
  };
  return {
    description: 'onnxruntime-web wasm',
    threads,
    inference: (graph, state) =>
      openBySize(graph, (sized) => openReplaced(() => compileWasm(sized, state, { threads }))),
    training: refuse,
    program: refuse,
  };
}

let said = false;

/** Warns once, on stderr, that the slower engine is used, with the reason and the remedy. */
export function saySlower(reason: string): void {
  if (said) return;
  said = true;
  console.warn(
    `the network runs on onnxruntime-web's WebAssembly, several times slower than onnxruntime-node: ${reason}`,
  );
}
