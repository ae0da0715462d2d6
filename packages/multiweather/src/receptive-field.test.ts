import { receptiveRadiusOf } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { MSBDN } from './networks/msbdn.js';

test('results depend on where a picture begins and ends: features are stretched from 2n − 1 to 2n pixels', () => {
  expect(receptiveRadiusOf(new MSBDN(0.25))).toBe(Infinity);
});
