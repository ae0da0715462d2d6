import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdir, watch } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Random } from '@unweather/core-tensor';

/** A command of ours: its file below the repository, and its arguments. */
export interface Command {
  readonly cli: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Number of files that may be open at a time; default: what the shell allows. */
  readonly descriptors?: number;
}

/** End of a command, with what it printed. */
export interface Ended {
  /** Exit status; null if it was killed. */
  readonly status: number | null;
  readonly output: string;
  /** Milliseconds from its start. */
  readonly took: number;
}

/** A command under way. */
export interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
}

/** Starts a command. */
export function started({ cli, args, cwd, env, descriptors }: Command): Started {
  const file = fileURLToPath(new URL(`../../${cli}`, import.meta.url));
  const begun = performance.now();
  const limited = ['-c', `ulimit -n ${descriptors} && exec "$@"`, 'sh', process.execPath];
  const [program, first] = descriptors === undefined ? [process.execPath, []] : ['sh', limited];
  const child = spawn(program, [...first, file, ...args], { cwd, env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-100_000);
    });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => resolve({ status, output, took: performance.now() - begun }));
  });
  return { child, ended };
}

/** Kill that comes at random: some time after the start, or while a file is written. */
export interface Kill {
  readonly random: Random;
  /** Milliseconds within which kills come, those of a run that nobody kills. */
  readonly within: number;
  /** Folder to watch for files that are being written; without one, the time alone decides. */
  readonly writesIn?: string | undefined;
}

/** Runs a command and kills it with SIGKILL at random, unless it ends before. */
export async function killed(command: Command, { random, within, writesIn }: Kill): Promise<Ended> {
  const { child, ended } = started(command);
  const kill = () => void child.kill('SIGKILL');
  const stop = new AbortController();
  const delay = random.uniform() * within;
  const timer = setTimeout(writesIn === undefined ? kill : () => void atWrite(writesIn, kill, stop.signal), delay);
  const result = await ended;
  clearTimeout(timer);
  stop.abort();
  return result;
}

/** Acts when the next temporary file appears in a folder: ours are written there, then renamed. */
async function atWrite(folder: string, act: () => void, signal: AbortSignal): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for await (const { filename } of watch(folder, { signal, recursive: true }))
      if (filename?.endsWith('.tmp')) return act();
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}
