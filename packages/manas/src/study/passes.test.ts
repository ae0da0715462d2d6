import { type Loss, l1 } from '@unweather/core-tensor';
import { differenceByPasses } from '@unweather/testing';
import { expect, test } from 'vitest';
import { architectureNamed } from '../architecture/architecture.js';
import { DerivedNetwork } from '../networks/derived.js';

const loss: Loss = (output, target) => ({ total: l1(output, target) });

test('a training step is the same with the engine’s passes and without', { tags: 'whole' }, async () => {
  // These edges together cover every kind of candidate with weights.
  const network = new DerivedNetwork(architectureNamed('MANAS-HFHF-FHFH-HHFF-234-567-826-x0.5')!);
  for (const [name, share] of await differenceByPasses(network, loss, [32, 48])) expect(share, name).toBeLessThan(1e-5);
});
