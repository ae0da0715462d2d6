import { expect, test } from 'vitest';
import { Turns } from './turns.js';

test('one piece at a time, in order; a failure ends its own turn alone; what is aborted while it waits is not begun', async () => {
  const turns = new Turns();
  const begun: string[] = [];
  const controller = new AbortController();
  const reason = new Error('enough');
  let release = () => {};
  const first = turns.take(() => {
    begun.push('first');
    return new Promise<string>((resolve) => {
      release = () => resolve('one');
    });
  });
  const piece = (name: string) => async () => {
    begun.push(name);
    if (name === 'failing') throw new Error('no');
    return name;
  };
  const failing = turns.take(piece('failing'));
  const aborted = turns.take(piece('aborted'), controller.signal);
  const last = turns.take(piece('last'));
  const settled = Promise.allSettled([first, failing, aborted, last]);
  await new Promise((resolve) => setTimeout(resolve));
  expect(begun).toEqual(['first']);
  controller.abort(reason);
  release();
  expect(await settled).toEqual([
    { status: 'fulfilled', value: 'one' },
    { status: 'rejected', reason: new Error('no') },
    { status: 'rejected', reason },
    { status: 'fulfilled', value: 'last' },
  ]);
  expect(begun).toEqual(['first', 'failing', 'last']);
});
