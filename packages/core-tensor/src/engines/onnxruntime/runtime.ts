import { messageOf, UserError } from '../../support/error.js';

/** How onnxruntime-node is installed. Its install script fetches CUDA's libraries from a host of their own, or fails. */
export const HOW_TO_INSTALL = '"npm install onnxruntime-node --ignore-scripts"';

/**
 * onnxruntime 1.30 uploads usage telemetry on Linux unless this variable is set before its library is loaded. We ask
 * for none; whoever wants it sets the variable to 0. A worker thread's environment is a copy that native code does not
 * see, so the main thread must say it too, before it starts one.
 */
export function withoutTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}

/** Loads onnxruntime-node, on first use. @throws UserError with the install command when it is not there. */
export async function loadRuntime() {
  withoutTelemetry();
  try {
    const ort = await import('onnxruntime-node');
    // What goes wrong comes as an exception; onnxruntime would also print it, in the middle of a progress bar.
    ort.env.logLevel = 'fatal';
    return ort;
  } catch (thrown) {
    throw new UserError(`onnxruntime-node cannot be loaded (${reason(thrown)}); install it with ${HOW_TO_INSTALL}`);
  }
}

/** Why onnxruntime-node cannot be loaded and what to do; undefined where it can. */
export async function reasonAgainstRuntime(): Promise<string | undefined> {
  try {
    await loadRuntime();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
}

/** Node's message for a missing module goes on with a list of who asked for it. */
function reason(thrown: unknown): string {
  return messageOf(thrown).split(' Require stack:')[0]!;
}
