import { differenceByPasses, differenceByRewriting } from '@unweather/testing';
import { expect, test } from 'vitest';
import { AECRNet } from '../networks/aecr-net.js';
import { l1AndContrast } from './loss.js';

test('a training step is the same with the engine’s passes and without', async () => {
  for (const [name, share] of await differenceByPasses(new AECRNet(), l1AndContrast()))
    expect(share, name).toBeLessThan(1e-5);
});

test('a training step is the same as onnxruntime rewrites it, but for rounding', { tags: 'whole' }, async () => {
  const network = new AECRNet();
  for (const [name, share] of await differenceByRewriting(network, l1AndContrast()))
    expect(share, name).toBeLessThan(1e-3);
});
