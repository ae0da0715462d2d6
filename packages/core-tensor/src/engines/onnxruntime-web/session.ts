import type { InferenceSession } from 'onnxruntime-web';
import { messageOf, UserError } from '../../support/error.js';
import type { Executable } from '../executable.js';
import type { Entry } from '../onnxruntime/feeds.js';
import type { PreparedModels } from '../onnxruntime/prepare.js';
import { SessionExecutable } from '../onnxruntime/session-executable.js';

/** One of onnxruntime-web's builds. */
export type WebRuntime = Pick<typeof import('onnxruntime-web'), 'InferenceSession' | 'Tensor' | 'env'>;

/** Device on which onnxruntime-web runs a graph. */
export type WebDevice = 'wasm' | 'webgpu';

/**
 * Opens a session of onnxruntime-web on each model, in this thread.
 * @throws UserError naming the operator that its build lacks
 */
export async function openWebModels(
  ort: WebRuntime,
  { models, state }: PreparedModels,
  device: WebDevice,
): Promise<Executable> {
  // Errors are thrown as exceptions; onnxruntime would also print them.
  ort.env.logLevel = 'fatal';
  const entries = new Map<string, Entry>();
  for (const [name, { bytes, carried, outputs }] of Object.entries(models)) {
    const session = await create(ort, bytes, device);
    entries.set(name, { session, carried, outputs });
  }
  return new SessionExecutable(entries, ort.Tensor, state);
}

async function create(ort: WebRuntime, bytes: Uint8Array, device: WebDevice): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, { executionProviders: [device], logSeverityLevel: 3 });
  } catch (thrown) {
    const operator = missingOperator(messageOf(thrown));
    if (operator === undefined) throw thrown;
    throw new UserError(
      `onnxruntime-web lacks the operator ${operator}, which this network needs; run it with onnxruntime-node`,
    );
  }
}

/** Finds the operator that an onnxruntime error names as unknown or without a kernel. */
function missingOperator(message: string): string | undefined {
  return /(?:No Op registered for|implementation for) (\w+)/.exec(message)?.[1];
}
