import { receptiveRadiusOf } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { Maxim } from './networks/maxim.js';

test('every pixel depends on the whole picture: the grid reaches across it', () => {
  expect(receptiveRadiusOf(new Maxim({ stages: 1, features: 8 }))).toBe(Infinity);
});
