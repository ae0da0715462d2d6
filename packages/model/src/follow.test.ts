import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { follow } from './follow.js';

test('work ends with the first of its signals, and leaves nothing in them once it is done', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const listeners = () => [one, other].map(({ signal }) => getEventListeners(signal, 'abort').length);
  const works = Array.from({ length: 50 }, () => follow(one.signal, other.signal));
  expect(listeners()).toEqual([1, 1]);
  for (const work of works.slice(0, 49)) work.leave();
  expect(listeners()).toEqual([1, 1]);
  works[49]!.leave();
  works[49]!.leave();
  expect(listeners()).toEqual([0, 0]);

  const [reason, later] = [new Error('enough'), new Error('more than enough')];
  const [first, second] = [follow(one.signal, other.signal), follow(other.signal)];
  one.abort(reason);
  expect(first.signal.reason).toBe(reason);
  expect(second.signal.aborted).toBe(false);
  other.abort(later);
  expect([first.signal.reason, second.signal.reason]).toEqual([reason, later]);
  for (const work of [first, second]) work.leave();
  expect(listeners()).toEqual([0, 0]);
  expect(follow(one.signal).signal.reason).toBe(reason);
});
