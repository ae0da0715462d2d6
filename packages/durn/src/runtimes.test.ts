import { differenceByRuntimes, testEachNetwork } from '@unweather/testing';
import { expect } from 'vitest';
import { study } from './study/study.js';

testEachNetwork(study.networks, '%s gives in WebAssembly what it gives in native code', async (network) => {
  const { apart, largest } = await differenceByRuntimes(network);
  expect(apart).toBeLessThan(1e-4 * Math.max(1, largest));
  expect(largest).toBeGreaterThan(0);
});
