import { errorCode, messageOf, UserError } from './error.js';

/**
 * Options of every worker thread. Threads run our own compiled files, which need no option of the program's. Node would
 * pass all of them on, and a thread refuses some: `--input-type` ends it, and V8's flags (`--max-old-space-size`) are
 * refused where options are listed. NODE_OPTIONS apply to threads as well.
 */
export const THREAD_OPTIONS: { readonly execArgv: string[] } = { execArgv: [] };

/** Error of work that was lost because its thread ended. */
export class ThreadEndedError extends UserError {}

/**
 * Makes the error for a thread that does not start, or that ended before its work was done.
 * @param what the thread's work: "runs the network"
 */
export function threadFailure(
  what: string,
  thrown: unknown,
  happened: 'cannot be started' | 'has ended' = 'cannot be started',
): UserError {
  const Failure = happened === 'has ended' ? ThreadEndedError : UserError;
  return new Failure(`the thread that ${what} ${happened} (${messageOf(thrown)}); ${remedyFor(errorCode(thrown))}`);
}

/**
 * Does work that may be repeated, and repeats it once if its thread ends. Node prints the warning on standard error, and
 * a program hears it by `process.on('warning')`.
 * @param work gets a thread of its own accord: a new one if the last has ended
 * @throws the error of the work; ThreadEndedError if the second thread has ended, too
 */
export async function withNewThread<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof ThreadEndedError)) throw thrown;
    const [what] = messageOf(thrown).split(';');
    process.emitWarning(`${what}; another one is started, and its work is done again`, { code: 'UNWEATHER_THREAD' });
    return work();
  }
}

function remedyFor(code: string | undefined): string {
  if (code === 'EMFILE' || code === 'ENFILE') return 'allow more open files (ulimit -n)';
  if (code === 'ERR_ACCESS_DENIED') return 'allow threads and the files they read (--allow-worker, --allow-fs-read)';
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return 'install the package again';
  return 'allow more memory and threads (ulimit -v, ulimit -u), and check NODE_OPTIONS';
}
