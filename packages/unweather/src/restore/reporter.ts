import { printable } from '@unweather/core-tensor';
import { canRewrite, type LogFormat } from '@unweather/core-tensor/command-line';
import { Presets, SingleBar } from 'cli-progress';
import type { Listener } from './events.js';
import { Pace } from './pace.js';
import { countText, downloadText, lineOf, paceText } from './texts.js';

/** Reports events: a line of JSON for each, or a bar on a terminal and plain lines elsewhere. */
export function reporterOf(format: LogFormat, out: NodeJS.WriteStream = process.stdout): Listener {
  if (format === 'jsonl') return (event) => void out.write(`${JSON.stringify(event)}\n`);
  return canRewrite(out) ? barReporter(out) : lineReporter(out);
}

/** Least time between reports on tiles of large pictures and on downloads, in milliseconds. */
const PARTS_EVERY = 10_000;

function lineReporter(out: NodeJS.WriteStream): Listener {
  const pace = new Pace();
  let last = performance.now();
  return (event) => {
    pace.see(event);
    if (event.event === 'tiles' || event.event === 'download') {
      if (performance.now() - last < PARTS_EVERY) return;
      last = performance.now();
    }
    for (const line of lineOf(event)) out.write(`${line}${paceText(event, pace)}\n`);
  };
}

/** Draws a bar that is rewritten in place, between the first line and the last. */
function barReporter(out: NodeJS.WriteStream): Listener {
  const pace = new Pace();
  let bar: SingleBar | undefined;
  const off = () => {
    bar?.stop();
    bar = undefined;
  };
  const draw = (value: number, total: number, words: string) => {
    const text = printable(words);
    if (bar === undefined) {
      const options = { stream: out, format: '{bar} {text}', barsize: 24, clearOnComplete: true, hideCursor: true };
      bar = new SingleBar(options, Presets.shades_classic);
      bar.start(total, value, { text });
    }
    bar.setTotal(total);
    bar.update(value, { text });
  };
  let [done, total] = [0, 0];
  return (event) => {
    pace.see(event);
    if (event.event === 'download') return draw(event.done, event.total ?? 0, downloadText(event));
    if ('total' in event && event.event !== 'tiles') [done, total] = [event.done, event.total];
    if (event.event === 'start') total = Math.max(total, done + event.pictures);
    if (event.event === 'start' || event.event === 'end' || event.event === 'ignored') {
      off();
      for (const line of lineOf(event)) out.write(`${line}\n`);
    }
    if (event.event === 'end' || event.event === 'ignored') return;
    const part = event.event === 'tiles' ? event.done / event.total : 0;
    draw(Math.min(done + part, total), total, `${countText(done, total, event)}${paceText(event, pace)}`);
  };
}
