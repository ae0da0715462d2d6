import {
  add,
  compileHere,
  contrastive,
  goldenPicture,
  goldenState,
  initialState,
  l1,
  mul,
  shapesOf,
  trainingStep,
  Vgg,
} from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { DuRN_US } from '../networks/durn-us.js';

test('contrastive regularisation trains DuRN-US as it trains its own paper’s network', { tags: 'whole' }, async () => {
  const vgg = new Vgg('vgg19', [1, 6]);
  const shapes = shapesOf(vgg.parameters('vgg19'));
  const step = trainingStep(
    new DuRN_US(),
    (output, target, degraded) => {
      const contrast = contrastive(vgg, output, target, degraded, { weights: [1 / 2, 1] });
      return { total: add(l1(output, target), mul(contrast, 0.1)), contrast };
    },
    { channels: 3, height: 16, width: 16 },
  );
  const frozen = goldenState(shapes, 1);
  const state = new Map([...initialState(step.parameters, 1), ...step.optimiserState(), ...frozen]);
  const executable = await compileHere(step.graph, state);
  const size = [1, 3, 16, 16];
  const batch = { input: goldenPicture('input', 'contrast', size), target: goldenPicture('target', 'contrast', size) };
  const totals: number[] = [];
  for (let i = 1; i <= 8; i++)
    totals.push(Number((await executable.run({ ...batch, ...step.optimiser.inputs(i, 1e-3) })).total!.data[0]));
  await executable.dispose();
  expect(totals.at(-1)).toBeLessThan(0.9 * totals[0]!);
});
