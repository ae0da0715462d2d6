import { benchmarkProblems, publishedProblems } from '@unweather/testing';
import { expect, test } from 'vitest';
import { study } from './study.js';

test('published numbers are of tasks, protocols and splits that there are, and stand in the README', async () => {
  expect(await publishedProblems(study, new URL('../../README.md', import.meta.url))).toEqual([]);
});

test('it is scored on splits of datasets.json by protocols that threads can load', async () => {
  expect(await benchmarkProblems(study)).toEqual([]);
});
