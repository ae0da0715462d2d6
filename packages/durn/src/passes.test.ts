import { differenceByPasses } from '@unweather/testing';
import { expect, test } from 'vitest';
import { ssimAndL1 } from './loss.js';
import { durn } from './paper.js';

test.each(Object.entries(durn.networks))(
  'a training step of %s is the same with the engine’s passes and without',
  async (_, { create }) => {
    for (const [name, share] of await differenceByPasses(create(), ssimAndL1)) expect(share, name).toBeLessThan(1e-5);
  },
  60_000,
);
