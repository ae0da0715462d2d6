import { errorCode, messageOf, UserError } from '../../support/error.js';

/** Install command of onnxruntime-node; its script would fetch CUDA's libraries from a separate host, or fail. */
export const HOW_TO_INSTALL = '"npm install onnxruntime-node --ignore-scripts"';

/**
 * Disables the usage telemetry that onnxruntime 1.30 uploads on Linux unless this variable is set before its library is
 * loaded; set the variable to 0 to allow it. A worker thread's environment is a copy that native code does not see, so
 * the main thread must call this too, before it starts one.
 */
export function withoutTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}

/** Loads onnxruntime-node, on first use. @throws UserError with the install command when it is not there. */
export async function loadRuntime() {
  withoutTelemetry();
  try {
    const ort = await import('onnxruntime-node');
    // Errors are thrown as exceptions; onnxruntime would also print them, in the middle of a progress bar.
    ort.env.logLevel = 'fatal';
    return ort;
  } catch (thrown) {
    throw new UserError(`onnxruntime-node cannot be loaded (${reason(thrown)}); ${remedyFor(errorCode(thrown))}`);
  }
}

/** Installing it again does not help where its library is there and does not run. */
function remedyFor(code: string | undefined): string {
  return code === 'ERR_DLOPEN_FAILED'
    ? 'its library needs glibc (Debian, Ubuntu, Fedora; not Alpine’s musl) on Linux, and a processor of 64 bits'
    : `install it with ${HOW_TO_INSTALL}`;
}

/** Returns the reason why onnxruntime-node cannot be loaded, and the remedy; undefined if it can. */
export async function reasonAgainstRuntime(): Promise<string | undefined> {
  try {
    await loadRuntime();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
}

/** Drops the list of requiring modules that ends Node's message for a missing module. */
function reason(thrown: unknown): string {
  return messageOf(thrown).split(' Require stack:')[0]!;
}
