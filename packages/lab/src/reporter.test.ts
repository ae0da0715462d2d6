import { PassThrough } from 'node:stream';
import type { StepReport } from '@unweather/core-tensor';
import type { ResultRecord } from '@unweather/eval';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReporter } from './reporter.js';

const report = (step: number): StepReport => ({
  step,
  epoch: 0,
  learningRate: 0.001,
  loss: { total: 0.25, l1: 0.1 },
  psnr: 20,
  size: 4,
});
const picture = { picture: 'x', input: { psnr: 20 }, restored: { psnr: 25 } } as ResultRecord;

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

test('away from a terminal: plain lines, the first, the last, and one every ten seconds', () => {
  const { stream, text } = capture(false);
  const reporter = createReporter('text', stream);
  for (let step = 1; step <= 30; step++) {
    reporter.step(report(step), 30);
    vi.advanceTimersByTime(1000);
  }
  const lines = text().trim().split('\n');
  expect(lines.map((line) => line.split(',')[0])).toEqual(['step 1/30', 'step 11/30', 'step 21/30', 'step 30/30']);
  expect(lines[1]).toBe('step 11/30, loss 0.2500, PSNR 20.00 dB, 4.0 images/s, 19 s left');
  reporter.picture(picture, 15, 15);
  expect(text()).toContain('picture 15/15, x, PSNR 20.00 → 25.00 dB\n');
  for (const done of [0, 1_000_000, 2_000_000]) reporter.download({ done, total: 2_000_000 });
  expect(text()).toMatch(/dB\nweights, 2\.0 of 2\.0 MB\n$/);
  reporter.tiles({ done: 6, total: 6 });
  expect(text()).toContain('tile 6/6\n');
});

test.each([-86_400_000, 86_400_000])(
  'a clock that is set by %i ms meanwhile changes no rate and no time left',
  (by) => {
    const { stream, text } = capture(false);
    const reporter = createReporter('text', stream);
    for (let step = 1; step <= 30; step++) {
      reporter.step(report(step), 30);
      if (step === 5) vi.setSystemTime(1_000_000 + by);
      vi.advanceTimersByTime(1000);
    }
    const lines = text().trim().split('\n');
    expect(lines[1]).toBe('step 11/30, loss 0.2500, PSNR 20.00 dB, 4.0 images/s, 19 s left');
    expect(lines).toHaveLength(4);
  },
);

test('a run that goes on counts its time from where it went on', () => {
  const { stream, text } = capture(false);
  const reporter = createReporter('text', stream);
  for (const step of [1001, 1011]) {
    reporter.step(report(step), 1111);
    vi.advanceTimersByTime(10_000);
  }
  expect(text()).toContain('step 1011/1111, loss 0.2500, PSNR 20.00 dB, 0.4 images/s, 1 min 40 s left');
});

test('jsonl: every line is an event', () => {
  const { stream, text } = capture(false);
  const reporter = createReporter('jsonl', stream);
  reporter.say('hello');
  reporter.step(report(2), 30);
  reporter.picture(picture, 1, 2);
  reporter.wrote('file');
  reporter.result('a\ntable', [picture]);
  const events = text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toEqual([
    { event: 'message', text: 'hello' },
    { event: 'step', ...report(2), total: 30 },
    { event: 'picture', ...picture, done: 1, total: 2 },
    { event: 'wrote', path: 'file' },
    { event: 'result', data: [picture] },
  ]);
});

test('on a terminal: a bar with step, loss, PSNR, rate and time left', () => {
  const { stream, text } = capture(true);
  const reporter = createReporter('text', stream);
  for (const step of [1, 2, 3]) {
    reporter.step(report(step), 4);
    vi.advanceTimersByTime(1000);
  }
  reporter.pause();
  expect(text()).toContain('step 3/4, loss 0.2500, PSNR 20.00 dB, 4.0 images/s, 1 s left');
  expect(text()).toMatch(/[█░]{24}/);
});
