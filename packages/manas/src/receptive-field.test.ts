import { receptiveRadiusOf } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { architectureNamed } from './architecture/architecture.js';
import { DerivedNetwork } from './networks/derived.js';

test('every pixel depends on the whole picture, whatever the edges: each attention module squeezes over it', () => {
  for (const edges of ['720-770-468', '111-111-111', '234-512-345'])
    expect(receptiveRadiusOf(new DerivedNetwork(architectureNamed(`MANAS-HHHH-HHHH-HHHH-${edges}`)!))).toBe(Infinity);
});
