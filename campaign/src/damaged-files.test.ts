import { temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';
import { readDamaged } from './damaged-files.js';
import { FORMATS } from './formats.js';

/** Long enough for a slow machine: hangs are for ever. */
const limits = { milliseconds: 300_000, megabytes: 1024 };

test.each(Object.keys(FORMATS))('changed files of the format %s are read, or refused with a remedy', async (format) => {
  const task = { format, seed: 1, count: 60, folder: await temporaryFolder() };
  const { failures, read, refused } = await readDamaged(task, limits);
  expect(failures).toEqual([]);
  expect(read + refused).toBe(60);
  // Files that are whole, or refused at their first byte, would prove nothing.
  expect(refused).toBeGreaterThan(0);
});
