import { runnerOf, someGoldens } from '@unweather/testing';
import { expect, test } from 'vitest';

const afrnet = runnerOf(new URL('../cli.js', import.meta.url));

test('golden values of every kind hold', async () => {
  const names = ['AFRNet.blocks.json', 'AFRNet.eval.a.json', 'pipeline.json'];
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), names);
  const { status, stdout } = await afrnet(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('30 passed, 0 failed');
  expect(status).toBe(0);
});

// The official code needs TensorFlow 1; these are values of a transcription that was checked against its functions.
test('every golden value of the transcription holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await afrnet(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('48 passed, 0 failed');
  expect(status).toBe(0);
});
