import { runnerOf } from '@unweather/testing';
import { expect, test } from 'vitest';

const multiweather = runnerOf(new URL('./cli.js', import.meta.url));

test('every golden value of the official code holds', async () => {
  const { status, stdout } = await multiweather(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('113 passed, 0 failed');
  expect(status).toBe(0);
}, 600_000);
