import { differenceByRuntimes, testEachNetwork } from '@unweather/testing';
import { expect } from 'vitest';
import { study } from './study/study.js';

// The narrow network runs every time: the others take a minute.
const { 'MAXIM-2S-narrow': narrow, ...wide } = study.networks;

testEachNetwork(
  { 'MAXIM-2S-narrow': narrow!, ...wide },
  '%s gives in WebAssembly what it gives in native code',
  async (network) => {
    const { apart, largest } = await differenceByRuntimes(network);
    expect(apart).toBeLessThan(1e-4 * Math.max(1, largest));
    expect(largest).toBeGreaterThan(0);
  },
);
