import { messageOf, UserError } from '../../support/error.js';

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
    throw new UserError(
      `onnxruntime-node cannot be loaded (${messageOf(thrown)}); install it with "npm install onnxruntime-node"`,
    );
  }
}
