import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReporter } from './report.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }).stubEnv('TERM', 'xterm'));
afterEach(() => void vi.useRealTimers().unstubAllEnvs());

function capture(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120, cursorTo: () => true, clearLine: () => true });
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}

test('away from a terminal: a line every ten seconds, none for short work', () => {
  const { stream, text } = capture(false);
  const { progress } = createReporter('text', stream);
  for (let done = 1; done <= 30; done++) {
    progress('csd test', done, 30);
    vi.advanceTimersByTime(1000);
  }
  progress('short', 1, 1);
  expect(text()).toBe('csd test 11/30\ncsd test 21/30\n');
});

test('jsonl: every line is an event', () => {
  const { stream, text } = capture(false);
  const reporter = createReporter('jsonl', stream);
  reporter.say('hello');
  reporter.progress('csd test', 1, 2);
  reporter.wrote('file');
  reporter.result('table', [1]);
  const events = text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toEqual([
    { event: 'message', text: 'hello' },
    { event: 'progress', what: 'csd test', done: 1, total: 2 },
    { event: 'wrote', path: 'file' },
    { event: 'result', data: [1] },
  ]);
});

test('on a terminal: a bar that goes when the work is done', () => {
  const { stream, text } = capture(true);
  const { progress } = createReporter('text', stream);
  for (let done = 1; done <= 4; done++) {
    progress('csd test', done, 4);
    vi.advanceTimersByTime(1000);
  }
  expect(text()).toMatch(/[█░]{24} csd test \d\/4/);
  expect(vi.getTimerCount()).toBe(0);
});

test('a bar that is taken off before the work is done lets the program end', () => {
  const { progress, pause } = createReporter('text', capture(true).stream);
  progress('csd test', 1, 4);
  expect(vi.getTimerCount()).toBe(1);
  pause();
  expect(vi.getTimerCount()).toBe(0);
});
