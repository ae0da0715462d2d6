import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RestoreEvent } from './events.js';
import { reporterOf } from './reporter.js';

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

const start: RestoreEvent = {
  ...{ event: 'start', pictures: 3, model: 'durn:rain', network: 'DuRN_S', weights: 'w', engine: 'e', threads: 2 },
  others: ['manas:rain', 'multiweather:rain'],
};
const restored = (done: number): RestoreEvent => ({
  ...{ event: 'restored', input: `${done}.png`, output: 'o.png', width: 4, height: 3, tiles: 1, seconds: 2 },
  ...{ done, total: 4, frames: 1, depth: 8 },
});
const failed: RestoreEvent = {
  event: 'failed',
  input: 'x.png',
  output: 'o.png',
  error: 'x.png: bad',
  done: 4,
  total: 4,
};
const end: Extract<RestoreEvent, { event: 'end' }> = {
  ...{ event: 'end', restored: 2, skipped: 1, failed: 1, apart: 0, shallow: 0 },
  ...{ interrupted: true, seconds: 3725 },
};

test('away from a terminal: a line for each picture, with rate and time left', () => {
  const { stream, text } = capture(false);
  const tell = reporterOf('text', stream);
  tell({ event: 'skipped', input: '1.png', output: 'o.png', done: 1, total: 4 });
  tell(start);
  vi.advanceTimersByTime(4000);
  tell(restored(2));
  tell({ event: 'tiles', input: '3.png', done: 1, total: 9 });
  vi.advanceTimersByTime(10_000);
  tell({ event: 'tiles', input: '3.png', done: 2, total: 9 });
  // A clock that is set back changes no rate.
  vi.setSystemTime(0);
  tell(restored(3));
  tell(failed);
  tell(end);
  expect(text().trimEnd().split('\n')).toEqual([
    '1/4 1.png: skipped, o.png exists',
    'durn:rain (DuRN_S, w) on e, 2 threads; manas:rain and multiweather:rain could do it, too',
    '2/4 2.png → o.png (4×3), 4.0 s a picture, 8.0 s left',
    '3.png: tile 2/9, 14.0 s a picture, 28 s left',
    '3/4 3.png → o.png (4×3), 7.0 s a picture, 7.0 s left',
    '4/4 failed: x.png: bad',
    'interrupted: 2 restored, 1 skipped, 1 failed in 1 h 2 min',
  ]);
});

test('on a terminal: a bar with rate and time left, which the last line replaces', () => {
  const { stream, text } = capture(true);
  const tell = reporterOf('text', stream);
  tell({ event: 'download', done: 1_200_000, total: 44_800_000 });
  vi.advanceTimersByTime(250);
  expect(text()).toContain('weights: 1.2 of 44.8 MB');
  tell(start);
  vi.advanceTimersByTime(250);
  tell(restored(2));
  vi.advanceTimersByTime(250);
  tell({ event: 'tiles', input: '3.png', done: 1, total: 2 });
  vi.advanceTimersByTime(250);
  expect(text()).toMatch(/█+░+ 2\/4 pictures, 4\.0 pictures\/s, 0\.5 s left/);
  expect(text()).toMatch(/2\/4 pictures, tile 1\/2, 2\.0 pictures\/s, 1\.0 s left/);
  tell(end);
  expect(text()).toMatch(/interrupted: 2 restored, 1 skipped, 1 failed in 1 h 2 min\n$/);
});

test('a terminal that cannot rewrite lines gets plain ones', () => {
  vi.stubEnv('TERM', 'dumb');
  const { stream, text } = capture(true);
  const tell = reporterOf('text', stream);
  for (const event of [start, restored(2), end]) tell(event);
  expect(text()).toContain('\n2/4 2.png → o.png (4×3)');
  expect(text()).not.toContain('\u001b');
});

test('pictures taken apart though the network looks at the whole are told at the end, on a terminal as elsewhere', () => {
  for (const isTTY of [false, true]) {
    const { stream, text } = capture(isTTY);
    reporterOf('text', stream)({ ...end, apart: 1 });
    expect(text()).toContain(
      '1 of 2 restored in tiles, each on its own, although this network looks at the whole picture; a --tile as long as the picture keeps it whole but takes much more memory\ninterrupted: 2 restored',
    );
  }
});

test('for programs: each event as it is, a line each', () => {
  const { stream, text } = capture(true);
  const tell = reporterOf('jsonl', stream);
  const events = [start, restored(2), failed, end];
  for (const event of events) tell(event);
  expect(text()).toBe(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
});
