import { errorCode, messageOf, UserError } from './error.js';

/**
 * Options of every worker thread. Threads run our own compiled files, which need no option of the program's. Node would
 * pass all of them on, and a thread refuses some: `--input-type` ends it, and V8's flags (`--max-old-space-size`) are
 * refused where options are listed. NODE_OPTIONS apply to threads as well.
 */
export const THREAD_OPTIONS: { readonly execArgv: string[] } = { execArgv: [] };

/**
 * Makes the error for a thread that does not start, or that ended before its work was done.
 * @param what the thread's work: "runs the network"
 */
export function threadFailure(
  what: string,
  thrown: unknown,
  happened: 'cannot be started' | 'has ended' = 'cannot be started',
): UserError {
  return new UserError(`the thread that ${what} ${happened} (${messageOf(thrown)}); ${remedyFor(errorCode(thrown))}`);
}

function remedyFor(code: string | undefined): string {
  if (code === 'EMFILE' || code === 'ENFILE') return 'allow more open files (ulimit -n)';
  if (code === 'ERR_ACCESS_DENIED') return 'allow threads and the files they read (--allow-worker, --allow-fs-read)';
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return 'install the package again';
  return 'allow more memory and threads (ulimit -v, ulimit -u), and check NODE_OPTIONS';
}
