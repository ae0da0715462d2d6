import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome, ReadMessage, ReadTask } from './reader.js';

/** Limits that no file may reach. */
export interface ReadLimits {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** A file that did what none may do. */
export interface Failure {
  readonly index: number;
  readonly what: 'raw exception' | 'crash' | 'hang' | 'memory';
  readonly detail: string;
}

/** Counts over the changed files of a format. */
export interface DamagedCounts extends Record<Outcome, number> {
  readonly failures: Failure[];
}

/**
 * Reads the changed files of a format in processes of their own, and counts what becomes of them.
 * @param count number of files; file i of a seed is always the same
 * @param folder for temporary files
 */
export async function readDamaged(
  { format, seed, count, folder }: { format: string; seed: number; count: number; folder: string },
  limits: ReadLimits,
): Promise<DamagedCounts> {
  const counts: DamagedCounts = { read: 0, refused: 0, raw: 0, failures: [] };
  let next = 0;
  while (next < count) next = await readSome({ format, seed, from: next, to: count, folder }, limits, counts);
  return counts;
}

/** Reads until the end, or until a process must end. @returns number of the file to go on with */
function readSome(task: ReadTask, { milliseconds, megabytes }: ReadLimits, counts: DamagedCounts): Promise<number> {
  const child = fork(fileURLToPath(new URL('./reader.js', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let index = task.from;
  let timer: NodeJS.Timeout | undefined;
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk.toString()}`.slice(-2000);
  });
  const failed = (what: Failure['what'], detail: string) => void counts.failures.push({ index, what, detail });
  let ended = false;
  const end = () => {
    ended = true;
    child.kill('SIGKILL');
  };
  child.on('message', (message: ReadMessage) => {
    clearTimeout(timer);
    if ('begun' in message) {
      index = message.begun;
      timer = setTimeout(() => {
        failed('hang', `more than ${milliseconds / 1000} s`);
        end();
      }, milliseconds);
      return;
    }
    counts[message.outcome]++;
    if (message.outcome === 'raw') failed('raw exception', message.error ?? '');
    if (message.megabytes > megabytes) {
      failed('memory', `${Math.round(message.megabytes)} MB`);
      end();
    }
    index = message.done + 1;
  });
  child.send(task);
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (!ended && index < task.to) failed('crash', `${signal ?? code}: ${stderr}`);
      // After a hang or a crash the file is passed over; after too much memory it is counted already.
      const passed = counts.failures.at(-1);
      resolve(passed?.index === index ? index + 1 : index);
    });
  });
}
