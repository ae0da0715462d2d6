import { constants } from 'node:os';

/**
 * Milliseconds within which signals count as one: `timeout` sends SIGTERM to its command and then to its group, npm
 * passes a terminal's Ctrl-C on to a command that has had it already.
 */
const TOGETHER = 1000;

/**
 * Runs a command that ends cleanly on Ctrl-C (SIGINT) and on SIGTERM, which schedulers and `timeout` send, with status
 * 130 and 143 (128 and the number of the signal). A second signal, a second later or more, ends it at once, by the
 * signal itself: `process.exit` would wait for threads, and a thread running onnxruntime stops only when that work is
 * done.
 * @param command resolves to true if it ran to its end
 */
export async function interruptible(command: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
  const controller = new AbortController();
  let first: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = { signal, at: performance.now() };
      controller.abort();
    } else if (performance.now() - first.at >= TOGETHER) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    if (!(await command(controller.signal))) process.exitCode = 128 + constants.signals[first?.signal ?? 'SIGINT'];
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
