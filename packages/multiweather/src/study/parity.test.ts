import { runnerOf, someGoldens } from '@unweather/testing';
import { expect, test } from 'vitest';

const multiweather = runnerOf(new URL('../cli.js', import.meta.url));

test('golden values of every kind hold', async () => {
  const names = ['contrast.a.json', 'student.trace.a.json', 'transfer.a.json'];
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), names);
  const { status, stdout } = await multiweather(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('60 passed, 0 failed');
  expect(status).toBe(0);
});

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await multiweather(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('113 passed, 0 failed');
  expect(status).toBe(0);
});
