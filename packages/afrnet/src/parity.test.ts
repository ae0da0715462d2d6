import { runnerOf } from '@unweather/testing';
import { expect, test } from 'vitest';

const afrnet = runnerOf(new URL('./cli.js', import.meta.url));

// The official code needs TensorFlow 1; these are values of a transcription that was checked against its functions.
test('every golden value of the transcription holds', async () => {
  const { status, stdout } = await afrnet(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('48 passed, 0 failed');
  expect(status).toBe(0);
}, 600_000);
