import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { networkOf, pictureSize } from '@unweather/core-tensor';
import { inProcess, temporaryFolder, writePairs } from '@unweather/testing';
import { expect, test } from 'vitest';
import { architectureNamed } from '../architecture/architecture.js';
import { writeArchitecture } from '../architecture/file.js';

const manas = inProcess(new URL('../cli.js', import.meta.url));

test('training a network that was found, going on, scoring, restoring and exporting it', {
  tags: 'whole',
}, async () => {
  const folder = await temporaryFolder();
  const heldOut = await writePairs(folder, [[33, 33]]);
  const name = 'MANAS-HFHF-FFHH-HHHF-258-467-301-x0.5';
  const architecture = join(folder, 'architecture.json');
  await writeArchitecture(architecture, architectureNamed(name)!, 'for this test');
  const train = (out: string, ...args: string[]) =>
    manas(['train', '--held-out', heldOut, '--out', join(folder, out), ...args]);
  const trained = await train('run', '--architecture', architecture, '--steps', '2');
  expect(trained).toMatchObject({ status: 0, stderr: '' });
  expect(trained.stdout).toContain(
    `${name} (MANAS, TCSVT 2023), recipe quick: 2 steps of 24 32×32 patches from 48 pairs`,
  );
  const weights = join(folder, 'run', 'checkpoint.safetensors');
  expect(await networkOf(weights)).toBe(name);
  // The checkpoint names its network.
  const again = await train('again', '--resume', weights);
  expect(again).toMatchObject({ status: 0, stderr: '' });
  const resumed = await readFile(join(folder, 'again', 'checkpoint.safetensors'));
  expect(resumed.equals(await readFile(weights))).toBe(true);
  const scored = await manas(['eval', '--weights', weights, '--data', heldOut, '--out', join(folder, 'results')]);
  expect(scored).toMatchObject({ status: 0, stderr: '' });
  const results = await readdir(join(folder, 'results'));
  const own = /^(manas|baseline)-rain\..+\.[0-9a-f]{8}\.(csv|json|md)$/;
  expect(results.filter((file) => !own.test(file))).toEqual(['datasets.csv', 'pictures']);
  expect(results).toHaveLength(2 * 3 + 2);
  expect(await manas(['restore', join(folder, 'rain-0.png'), '--weights', weights])).toMatchObject({ status: 0 });
  expect(await pictureSize(join(folder, 'rain-0-restored.png'))).toEqual({ width: 33, height: 33 });
  const exported = await manas(['export', '--weights', weights, '--out', join(folder, 'manas.onnx')]);
  expect(exported).toMatchObject({ status: 0, stderr: '' });
  const { stderr } = await train('other', '--resume', weights, '--architecture', architecture);
  expect(stderr).toMatch(/leave out (.+, )?--architecture/);
  expect((await train('paper', '--recipe', 'paper')).stderr).toMatch(/needs a dataset of yours/);
});
