import { runnerOf, someGoldens } from '@unweather/testing';
import { expect, test } from 'vitest';

const aecr = runnerOf(new URL('../cli.js', import.meta.url));

test('golden values of every kind hold', async () => {
  const names = [
    'aecrnet.eval.a.json',
    'aecrnet.train.train-a.json',
    'dcn.a.json',
    'fastdeconv.a.json',
    'schedule.json',
  ];
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), names);
  const { status, stdout } = await aecr(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('31 passed, 0 failed');
  expect(status).toBe(0);
});

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await aecr(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('61 passed, 0 failed');
  expect(status).toBe(0);
});
