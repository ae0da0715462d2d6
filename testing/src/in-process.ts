import type { Ended } from './run.js';

let runs = 0;
/** The run before: what a process has once, its working folder and its status, is of one run at a time. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs a command line in this process: for the many short ones, since a process of its own takes half a second to start.
 * What needs signals, or writes by `console`, takes `runnerOf`.
 * @param cli the file that is a command
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
    // Another address is another module: its file alone is run again, what it imports stays loaded.
    await import(`${cli.href}?run=${runs++}`);
    return { status: process.exitCode ?? 0, ...texts };
  } finally {
    for (const back of undo) back();
    process.argv = argv;
    process.chdir(before);
    process.exitCode = status;
  }
}
