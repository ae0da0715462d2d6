import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { StepReport } from '@unweather/core-tensor';
import { type ResultRecord, ResultRecords } from '@unweather/eval';
import type { Reporter } from '../reporter.js';

/** End of a command that ran in a process of its own. */
export interface Ended {
  /** Exit status; null if a signal ended it. */
  readonly status: number | null;
  /** Scores of pictures that it ended with. */
  readonly records: readonly ResultRecord[];
  /** Last line of its standard error: the reason of a failure. */
  readonly reason: string;
}

type Event =
  | { readonly event: 'message'; readonly text: string }
  | ({ readonly event: 'step'; readonly total: number } & StepReport)
  | ({ readonly event: 'picture'; readonly done: number; readonly total: number } & ResultRecord)
  | { readonly event: 'wrote'; readonly path: string }
  | { readonly event: 'result'; readonly data: unknown };

/**
 * Runs a command of this program in a process of its own, whose memory ends with it, and passes on what it reports.
 * @param program file that Node runs
 * @param signal ends the command as Ctrl-C does
 */
export async function runChild(
  program: string,
  args: readonly string[],
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args, '--log', 'jsonl'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  const records: ResultRecord[] = [];
  let reason = '';
  createInterface(child.stderr).on('line', (line) => {
    reason = line;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  for await (const line of createInterface(child.stdout)) {
    const event = JSON.parse(line) as Event;
    if (event.event === 'message') reporter.say(event.text);
    else if (event.event === 'step') reporter.step(event, event.total);
    else if (event.event === 'picture') reporter.picture(event, event.done, event.total);
    else if (event.event === 'wrote') reporter.wrote(event.path);
    else if (event.event === 'result' && Array.isArray(event.data)) records.push(...ResultRecords.parse(event.data));
  }
  const status = await ended;
  signal.removeEventListener('abort', stop);
  return { status, records, reason };
}
