import { differenceByPasses, differenceByRewriting, testEachNetwork } from '@unweather/testing';
import { expect, test } from 'vitest';
import { ssimAndL1 } from './loss.js';
import { study } from './study.js';

/** A multiple of what every network needs. */
const SIZE = [32, 32] as const;

testEachNetwork(
  study.networks,
  'a training step of %s is the same with the engine’s passes and without',
  async (network) => {
    for (const [name, share] of await differenceByPasses(network, ssimAndL1, SIZE))
      expect(share, name).toBeLessThan(1e-5);
  },
);

test.each(Object.entries(study.networks))(
  'a training step of %s is the same as onnxruntime rewrites it, but for rounding',
  { tags: 'whole' },
  async (_, { create }) => {
    for (const [name, share] of await differenceByRewriting(create(), ssimAndL1, SIZE))
      expect(share, name).toBeLessThan(1e-3);
  },
);
