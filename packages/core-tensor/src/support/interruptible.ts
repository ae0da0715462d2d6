/** Exit status of a command that Ctrl-C ended (128 + SIGINT). */
const INTERRUPTED = 130;

/**
 * Runs a command that ends cleanly on Ctrl-C, with status 130; a second Ctrl-C ends it at once, by the signal itself:
 * `process.exit` would wait for threads, and a thread running onnxruntime stops only when that work is done.
 * @param command resolves to true if it ran to its end
 */
export async function interruptible(command: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    if (!(await command(controller.signal))) process.exitCode = INTERRUPTED;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
