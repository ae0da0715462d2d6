import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Interrupted, inLanes } from './lanes.js';

const items = Array.from({ length: 100 }, (_, index) => index);

test('answers come in the order of the items, however long each took', async () => {
  const work = async (item: number) => {
    await setTimeout((item * 7) % 5);
    return item * 2;
  };
  const counts: number[] = [];
  expect(await inLanes(items, work, { done: (count) => counts.push(count) })).toEqual(items.map((item) => item * 2));
  expect(counts).toEqual(items.map((item) => item + 1));
});

test('an interruption, and a failure, are thrown after the last lane has come to its end', async () => {
  for (const failing of [false, true]) {
    const controller = new AbortController();
    let [running, started] = [0, 0];
    const work = async (item: number) => {
      [running, started] = [running + 1, started + 1];
      if (item === 1) controller.abort();
      await setTimeout(item);
      running--;
      if (failing && item === 0) throw new Error('broken');
    };
    await expect(inLanes(items, work, { signal: controller.signal })).rejects.toThrow(failing ? 'broken' : Interrupted);
    expect(running).toBe(0);
    expect(started).toBeLessThan(items.length);
  }
});
