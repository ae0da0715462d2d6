import { type Loss, l1 } from '@unweather/core-tensor';
import { differenceByPasses } from '@unweather/testing';
import { expect, test } from 'vitest';
import { MSBDN } from '../networks/msbdn.js';

const loss: Loss = (output, target) => ({ total: l1(output, target) });

test('a training step is the same with the engine’s passes and without', { tags: 'whole' }, async () => {
  for (const [name, share] of await differenceByPasses(new MSBDN(0.25), loss, [32, 48]))
    expect(share, name).toBeLessThan(1e-5);
});
