import { Random } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { Room } from './room.js';

const never = new AbortController().signal;

test('pictures enter in the order of the calls, never more than fit in; a huge one is alone', async () => {
  const random = new Random(1);
  const room = new Room(100);
  const inside = new Map<number, number>();
  const entered: number[] = [];
  const visit = async (index: number, pixels: number) => {
    const leave = await room.enter(pixels, new AbortController().signal);
    entered.push(index);
    inside.set(index, pixels);
    const sum = [...inside.values()].reduce((a, b) => a + b, 0);
    expect(sum <= 100 || inside.size === 1, `${[...inside.values()]}`).toBe(true);
    for (let turns = random.integer(5); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    inside.delete(index);
    leave();
  };
  const sizes = Array.from({ length: 200 }, (_, i) => (i % 20 === 19 ? 1000 : 1 + random.integer(60)));
  await Promise.all(sizes.map((pixels, i) => visit(i, pixels)));
  expect(entered).toEqual(sizes.map((_, i) => i));
  // All the room was given back.
  (await room.enter(100, never))();
});

test('a picture that is aborted while it waits lets those behind it in', async () => {
  const room = new Room(10);
  const leave = await room.enter(6, never);
  const controller = new AbortController();
  const reason = new Error('enough');
  const large = room.enter(10, controller.signal);
  const small = room.enter(4, never);
  controller.abort(reason);
  await expect(large).rejects.toBe(reason);
  (await small)();
  leave();
  await expect(room.enter(1, controller.signal)).rejects.toBe(reason);
});
