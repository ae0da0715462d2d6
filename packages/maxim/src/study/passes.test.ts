import { differenceByPasses, differenceByRewriting } from '@unweather/testing';
import { expect, test } from 'vitest';
import { Maxim } from '../networks/maxim.js';
import { everyPicture } from './loss.js';

const network = () => new Maxim({ stages: 1, features: 4 });

test('a training step is the same with the engine’s passes and without', { tags: 'whole' }, async () => {
  for (const [name, share] of await differenceByPasses(network(), everyPicture, [64, 64]))
    expect(share, name).toBeLessThan(1e-5);
});

test('a training step is the same as onnxruntime rewrites it, but for rounding', { tags: 'whole' }, async () => {
  for (const [name, share] of await differenceByRewriting(network(), everyPicture, [64, 64]))
    expect(share, name).toBeLessThan(1e-3);
});
