import { printable } from '@unweather/core-tensor';
import { canRewrite, type LogFormat } from '@unweather/core-tensor/command-line';
import { Presets, SingleBar } from 'cli-progress';

/** Output of a running command. */
export interface Reporter {
  /** Prints a sentence. */
  say(text: string): void;
  /** Reports how much of a task is done. */
  progress(what: string, done: number, total: number): void;
  /** Reports a file that was written. */
  wrote(path: string): void;
  /** Prints a table or other text of several lines that ends the command. */
  result(text: string, data: unknown): void;
  /** Removes the bar from the terminal; required when work stops early, or the process does not exit. */
  pause(): void;
}

/** Makes the reporter for a log format: machine-readable lines, or a bar on a terminal and plain lines elsewhere. */
export function createReporter(format: LogFormat, out: NodeJS.WriteStream = process.stdout): Reporter {
  const line = (text: string) => out.write(`${printable(text)}\n`);
  if (format === 'jsonl') {
    const write = (event: string, fields: object) => line(JSON.stringify({ event, ...fields }));
    return {
      say: (text) => write('message', { text }),
      progress: (what, done, total) => write('progress', { what, done, total }),
      wrote: (path) => write('wrote', { path }),
      result: (_text, data) => write('result', { data }),
      pause: () => undefined,
    };
  }
  return {
    say: line,
    ...(canRewrite(out) ? bar(out) : { progress: everyTenSeconds(line), pause: () => undefined }),
    wrote: (path) => line(`wrote ${path}`),
    result: line,
  };
}

/** Shows a bar that is rewritten in place and disappears when the work is done. */
function bar(out: NodeJS.WriteStream): Pick<Reporter, 'progress' | 'pause'> {
  let shown: SingleBar | undefined;
  const pause = () => {
    shown?.stop();
    shown = undefined;
  };
  const progress: Reporter['progress'] = (what, done, total) => {
    if (shown === undefined) {
      const format = '{bar} {what} {value}/{total}, {eta_formatted} left';
      shown = new SingleBar({ stream: out, format, barsize: 24, clearOnComplete: true }, Presets.shades_classic);
      shown.start(total, 0, { what });
    }
    shown.update(done, { what });
    if (done === total) pause();
  };
  return { progress, pause };
}

const EVERY_MS = 10_000;

/** Prints a plain line every ten seconds, none for shorter work. */
function everyTenSeconds(line: (text: string) => void): Reporter['progress'] {
  let last = performance.now();
  return (what, done, total) => {
    if (done === 1) last = performance.now();
    if (performance.now() - last < EVERY_MS) return;
    last = performance.now();
    line(`${what} ${done}/${total}`);
  };
}
