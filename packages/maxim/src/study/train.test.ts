import { join } from 'node:path';
import {
  compileHere,
  type Executable,
  float32,
  goldenPicture,
  initialState,
  pictureSize,
  type State,
  sgd,
} from '@unweather/core-tensor';
import { stepOf } from '@unweather/lab';
import { inProcess, temporaryFolder, writePairs } from '@unweather/testing';
import { expect, test } from 'vitest';
import { Maxim } from '../networks/maxim.js';
import { everyPicture } from './loss.js';

const maxim = inProcess(new URL('../cli.js', import.meta.url));

/** Trains on one pair; the input is the truth, darker. @returns the loss of every step */
async function fineTuned(network: Maxim, first: State, steps: number, rate: number) {
  const step = stepOf(everyPicture, network, { batch: 1, channels: 3, height: 64, width: 64 }, { optimiser: sgd() });
  const executable: Executable = await compileHere(step.graph, new Map([...first, ...step.optimiserState()]), {
    threads: 1,
    rewrite: false,
  });
  const target = goldenPicture('target', 'fine-tune', [1, 3, 64, 64]);
  const input = float32(
    (target.data as Float32Array<ArrayBuffer>).map((value) => 0.6 * value),
    target.shape,
  );
  const losses: number[] = [];
  for (let i = 1; i <= steps; i++)
    losses.push(Number((await executable.run({ input, target, ...step.optimiser.inputs(i, rate) })).total!.data[0]));
  await executable.dispose();
  return losses;
}

test('fine-tuning for 20 steps halves the loss', { tags: 'whole' }, async () => {
  const network = new Maxim({ stages: 1, features: 4 });
  const first = initialState(network.parameters(), 1);
  const losses = await fineTuned(network, first, 20, 1e-3);
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
});

test('training, scoring, restoring a picture of any size and exporting', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const heldOut = await writePairs(folder, [[70, 70]]);
  const out = join(folder, 'run');
  const trained = await maxim(['train', '--steps', '2', '--held-out', heldOut, '--out', out]);
  expect(trained).toMatchObject({ status: 0, stderr: '' });
  expect(trained.stdout).toContain('MAXIM-2S-narrow (MAXIM, CVPR 2022), recipe quick: 2 steps of 4 64×64 patches');
  const weights = join(out, 'checkpoint.safetensors');
  const scored = await maxim(['eval', '--weights', weights, '--data', heldOut, '--out', join(folder, 'results')]);
  expect(scored).toMatchObject({ status: 0, stderr: '' });
  expect(scored.stdout).toMatch(/\| rain100h test +\| 30\.81 \| 0\.9030 \| maxim-rain/);
  expect(await maxim(['restore', join(folder, 'rain-0.png'), '--weights', weights])).toMatchObject({ status: 0 });
  expect(await pictureSize(join(folder, 'rain-0-restored.png'))).toEqual({ width: 70, height: 70 });
  const exported = await maxim(['export', '--weights', weights, '--out', join(folder, 'maxim.onnx')]);
  expect(exported).toMatchObject({ status: 0, stderr: '' });
});

test('without weights, restore names the package to install', async () => {
  const folder = await temporaryFolder();
  await writePairs(folder, [[70, 70]]);
  const missing = await maxim(['restore', join(folder, 'rain-0.png')], folder);
  expect(missing.status).toBe(1);
  expect(missing.stderr).toContain('run "npm i @upscalerjs/maxim-deraining@0.1.0", or give some with --weights');
});
