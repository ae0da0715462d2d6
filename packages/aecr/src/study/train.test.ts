import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pictureSize } from '@unweather/core-tensor';
import { inProcess, temporaryFolder, writePairs } from '@unweather/testing';
import { expect, test } from 'vitest';

const aecr = inProcess(new URL('../cli.js', import.meta.url));

test('training, scoring, restoring a picture of any size and exporting', async () => {
  const folder = await temporaryFolder();
  const heldOut = await writePairs(folder, [[33, 33]]);
  const out = join(folder, 'run');
  const trained = await aecr(['train', '--steps', '2', '--held-out', heldOut, '--out', out]);
  expect(trained).toMatchObject({ status: 0, stderr: '' });
  expect(trained.stdout).toContain('AECR-Net (AECR-Net, CVPR 2021), recipe quick: 2 steps of 4 96×96 patches');
  const weights = join(out, 'checkpoint.safetensors');
  const scored = await aecr(['eval', '--weights', weights, '--data', heldOut, '--out', join(folder, 'results')]);
  expect(scored).toMatchObject({ status: 0, stderr: '' });
  expect(scored.stdout).toMatch(/\| reside sots-indoor +\| 37\.17 \| 0\.9901 \| aecr +\| Table 1/);
  const results = await readdir(join(folder, 'results'));
  const own = /^(aecr|baseline)-haze\..+\.[0-9a-f]{8}\.(csv|json|md)$/;
  expect(results.filter((file) => !own.test(file))).toEqual(['datasets.csv', 'pictures']);
  // AECR-Net and three baselines, each as three files.
  expect(results).toHaveLength(4 * 3 + 2);
  expect(await aecr(['restore', join(folder, 'rain-0.png'), '--weights', weights])).toMatchObject({ status: 0 });
  expect(await pictureSize(join(folder, 'rain-0-restored.png'))).toEqual({ width: 33, height: 33 });
  const byTiles = await aecr(['restore', join(folder, 'rain-0.png'), '--weights', weights, '--tile', '32']);
  expect(byTiles.stdout).toContain(
    'restored in 4 tiles, each on its own, although AECR-Net looks at the whole picture; --tile 33 ',
  );
  const exported = await aecr(['export', '--weights', weights, '--out', join(folder, 'aecr.onnx')]);
  expect(exported).toMatchObject({ status: 0, stderr: '' });
});

test('the paper’s recipe says what it needs: data, then VGG19', async () => {
  const folder = await temporaryFolder();
  const data = await writePairs(folder, [[240, 240]]);
  const train = (...args: string[]) => aecr(['train', '--recipe', 'paper', '--out', join(folder, 'out'), ...args]);
  expect((await train()).stderr).toMatch(/recipe "paper" needs a dataset of yours; give its meta file with --data/);
  expect((await train('--data', data)).stderr).toMatch(/needs the vgg19 features .+ give the file with --vgg/);
});
