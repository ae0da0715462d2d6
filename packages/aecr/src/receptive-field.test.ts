import { receptiveRadiusOf } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { AECRNet } from './networks/aecr-net.js';

test('every pixel depends on the whole picture: attention averages over it', () => {
  expect(receptiveRadiusOf(new AECRNet())).toBe(Infinity);
});
