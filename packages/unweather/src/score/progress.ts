import { printable } from '@unweather/core-tensor';
import { canRewrite } from '@unweather/core-tensor/command-line';
import { Presets, SingleBar } from 'cli-progress';
import { Pace } from '../restore/pace.js';
import { paceText } from '../restore/texts.js';
import type { ScoreEvent } from './run.js';

/** Least time between two lines where no bar can be drawn, in milliseconds. */
const EVERY = 10_000;

/** Shows how many pictures are scored, the rate and the time left: a bar on a terminal, else a line now and then. */
export function progressOn(out: NodeJS.WriteStream): { see(event: ScoreEvent): void; stop(): void } {
  const pace = new Pace();
  const bar = canRewrite(out)
    ? new SingleBar(
        { stream: out, format: '{bar} {text}', barsize: 24, clearOnComplete: true, hideCursor: true },
        Presets.shades_classic,
      )
    : undefined;
  let last = Date.now();
  return {
    see(event) {
      pace.see(event);
      if (event.event === 'start') return bar?.start(event.pictures, 0, { text: '' });
      const text = `${event.done}/${event.total} pictures${paceText(event, pace)}`;
      if (bar !== undefined) return bar.update(event.done, { text: printable(text) });
      if (Date.now() - last < EVERY) return;
      last = Date.now();
      out.write(`${text}\n`);
    },
    stop: () => bar?.stop(),
  };
}
