import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from './in-order.js';

test('results keep the order of items, and no more are begun than asked for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 12 }), fc.nat(4), async (delays, ahead) => {
      let [running, most] = [0, 0];
      const work = async (delay: number) => {
        running += 1;
        most = Math.max(most, running);
        for (let i = 0; i < delay; i++) await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return delay;
      };
      const results: number[] = [];
      for await (const result of inOrder(delays, ahead, work)) results.push(result);
      expect(results).toEqual(delays);
      expect(most).toBeLessThanOrEqual(ahead + 1);
    }),
  );
});

test('a failure is met at its turn, and a reader who stops waits for what was begun', async () => {
  const ended: number[] = [];
  const work = async (item: number) => {
    await new Promise((resolve) => setTimeout(resolve, item));
    ended.push(item);
    if (item === 2) throw new Error('two');
    return item;
  };
  const read = async () => {
    const seen: number[] = [];
    for await (const item of inOrder([1, 2, 3, 4], 1, work)) seen.push(item);
    return seen;
  };
  await expect(read()).rejects.toThrow('two');
  expect(ended).toEqual([1, 2, 3]);
});
