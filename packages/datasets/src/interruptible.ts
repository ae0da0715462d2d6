import { Interrupted } from './prepare/lanes.js';

/** Exit status of a command that Ctrl-C ended (128 + SIGINT). */
const INTERRUPTED = 130;

/** Runs work that ends cleanly on Ctrl-C, with status 130; a second Ctrl-C ends it at once. */
export async function interruptible(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    await work(controller.signal);
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
    process.stderr.write('stopped; nothing was written\n');
    process.exitCode = INTERRUPTED;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
