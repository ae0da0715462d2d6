import { runnerOf, someGoldens } from '@unweather/testing';
import { expect, test } from 'vitest';

const maxim = runnerOf(new URL('../cli.js', import.meta.url));

test('values of the official code hold for a narrow network', async () => {
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), [
    'narrow.eval.a.json',
    'narrow.trace.a.json',
  ]);
  const { status, stdout } = await maxim(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('3 passed, 0 failed');
  expect(status).toBe(0);
});

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await maxim(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('14 passed, 0 failed');
  expect(status).toBe(0);
});
