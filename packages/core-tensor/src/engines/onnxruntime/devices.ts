import type { Device } from '../../graph/device.js';
import { buildGraph } from '../../graph/graph.js';
import { input } from '../../graph/tensor.js';
import { add } from '../../ops/add.js';
import { messageOf, UserError } from '../../support/error.js';
import { emitOnnx } from './emit.js';
import { loadRuntime } from './runtime.js';

const REMEDIES: Readonly<Record<Device, string>> = {
  cpu: 'reinstall onnxruntime-node',
  webgpu: 'it needs a GPU with a Vulkan, Metal or Direct3D 12 driver; use --device cpu',
  cuda:
    'it needs an NVIDIA GPU with CUDA 12 and cuDNN 9, and the libraries that ' +
    '"node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12" downloads (Linux x64); ' +
    'use --device cpu',
};

/**
 * Tries a device by running a sum on it. In a process of many threads, call it before any other session is made.
 * @throws UserError with the reason why it does not work, and the device's requirements
 */
export async function requireDevice(device: Device): Promise<void> {
  const ort = await loadRuntime();
  const x = input('x', [1]);
  const { bytes } = emitOnnx(buildGraph({ y: add(x, x) }), new Map());
  try {
    const session = await ort.InferenceSession.create(bytes, { executionProviders: [device], logSeverityLevel: 4 });
    await session.run({ x: new ort.Tensor('float32', Float32Array.of(1), [1]) });
    await session.release();
  } catch (thrown) {
    throw new UserError(`device "${device}" does not work here (${reason(thrown)}); ${REMEDIES[device]}`);
  }
}

/** Finds the fastest device that works: cuda, else webgpu, else cpu. */
export async function bestDevice(): Promise<Device> {
  for (const device of ['cuda', 'webgpu'] as const)
    try {
      await requireDevice(device);
      return device;
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
    }
  return 'cpu';
}

/** Drops the source location at the start of onnxruntime's messages. */
function reason(thrown: unknown): string {
  return messageOf(thrown)
    .replace(/^\S+\.(cc|h):\d+ .* was false\. /s, '')
    .split('\n')[0]!
    .trim();
}
