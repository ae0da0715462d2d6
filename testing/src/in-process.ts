import type { Ended } from './run.js';

let runs = 0;
/** Mutex, the previous run: working folder and exit status exist once per process, so runs go one at a time. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs a command line in this process, for many short ones, since a separate process takes half a second to start.
 * Commands that need signals, or write with `console`, use `runnerOf`.
 * @param cli the command's file
 */
export function inProcess(cli: URL): (args: readonly string[], cwd?: string) => Promise<Ended> {
  return (args, cwd = process.cwd()) => {
    const ended = turn.then(() => run(cli, args, cwd));
    turn = ended.catch(() => undefined);
    return ended;
  };
}

async function run(cli: URL, args: readonly string[], cwd: string): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  const undo: (() => void)[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const out = process[stream];
    const { write } = out;
    const listeners = out.listeners('error');
    out.write = (chunk: string | Uint8Array) => {
      texts[stream] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      return true;
    };
    undo.push(() => {
      out.write = write;
      for (const listener of out.listeners('error'))
        if (!listeners.includes(listener)) out.off('error', listener as () => void);
    });
  }
  const [argv, before, status] = [process.argv, process.cwd(), process.exitCode];
  process.argv = [process.execPath, cli.pathname, ...args];
  process.chdir(cwd);
  process.exitCode = undefined;
  try {
    // A new address makes a new module: only its file runs again, its imports stay loaded.
    await import(`${cli.href}?run=${runs++}`);
    return { status: process.exitCode ?? 0, ...texts };
  } finally {
    for (const back of undo) back();
    process.argv = argv;
    process.chdir(before);
    process.exitCode = status;
  }
}
