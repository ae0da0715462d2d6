import { differenceByRuntimes } from '@unweather/testing';
import { expect, test } from 'vitest';
import { manas } from './paper.js';

test.each(Object.entries(manas.networks))(
  '%s gives in WebAssembly what it gives in native code',
  async (_, { create }) => {
    const { apart, largest } = await differenceByRuntimes(create());
    expect(apart).toBeLessThan(1e-4 * Math.max(1, largest));
    expect(largest).toBeGreaterThan(0);
  },
);
