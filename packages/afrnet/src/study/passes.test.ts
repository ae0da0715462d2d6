import { differenceByPasses, differenceByRewriting } from '@unweather/testing';
import { expect, test } from 'vitest';
import { AFRNet } from '../networks/afrnet.js';
import { restoration } from './losses/restoration.js';

test('a training step is the same with the engine’s passes and without', async () => {
  const network = new AFRNet({ width: 8, modules: 1, refinement: 'separable', blocks: 1, fold: 2 });
  for (const [name, share] of await differenceByPasses(network, restoration('none'), [32, 48]))
    expect(share, name).toBeLessThan(1e-5);
});

test('a training step is the same as onnxruntime rewrites it, but for rounding', { tags: 'whole' }, async () => {
  const network = new AFRNet({ width: 8, modules: 1, refinement: 'separable', blocks: 1, fold: 2 });
  for (const [name, share] of await differenceByRewriting(network, restoration('none'), [32, 48]))
    expect(share, name).toBeLessThan(1e-3);
});
