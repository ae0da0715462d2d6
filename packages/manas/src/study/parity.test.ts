import { runnerOf, someGoldens } from '@unweather/testing';
import { expect, test } from 'vitest';

const manas = runnerOf(new URL('../cli.js', import.meta.url));

test('golden values of every kind hold', async () => {
  const names = ['FixedMixedAutoNet.eval.a.json', 'FixedMixedAutoNet.train.train-c.json', 'ops.json', 'alphas.json'];
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), names);
  const { status, stdout } = await manas(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('83 passed, 0 failed');
  expect(status).toBe(0);
});

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await manas(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('129 passed, 0 failed');
  expect(status).toBe(0);
});
