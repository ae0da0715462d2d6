import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { networkOf, pictureSize } from '@unweather/core-tensor';
import { inProcess, temporaryFolder, writePairs } from '@unweather/testing';
import { expect, test } from 'vitest';

const afrnet = inProcess(new URL('../cli.js', import.meta.url));

test('a teacher and its student in one command; what they restore, score and export', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const heldOut = await writePairs(folder, [[40, 40]]);
  const out = join(folder, 'both');
  const both = await afrnet(['distill', '--steps', '2', '--held-out', heldOut, '--out', out]);
  expect(both).toMatchObject({ status: 0, stderr: '' });
  expect(both.stdout).toContain('AFRNet-16 (AFR-Net, TIP 2021), recipe quick: 2 steps of 4 64×64 patches');
  expect(both.stdout).toContain('AFRNet-student (AFR-Net, TIP 2021), recipe quick-student: 2 steps');
  expect(both.stdout).toMatch(/a 512×512 picture on this CPU: teacher \d+ ms, student \d+ ms, [\d.]+ times as fast/);
  const weights = join(out, 'student', 'checkpoint.safetensors');
  expect(await networkOf(weights)).toBe('AFRNet-student');
  // A resumed student needs its teacher again; its checkpoint itself states that it is a student.
  const resume = ['train', '--resume', weights, '--held-out', heldOut, '--out', join(folder, 'again')];
  const teacher = join(out, 'teacher', 'checkpoint.safetensors');
  expect((await afrnet(resume)).stderr).toMatch(/learns from a trained AFRNet-16; give its checkpoint with --teacher/);
  expect(await afrnet([...resume, '--teacher', teacher])).toMatchObject({ status: 0, stderr: '' });
  const resumed = await readFile(join(folder, 'again', 'checkpoint.safetensors'));
  expect(resumed.equals(await readFile(weights))).toBe(true);
  const scored = await afrnet(['eval', '--weights', weights, '--data', heldOut, '--out', join(folder, 'results')]);
  expect(scored).toMatchObject({ status: 0, stderr: '' });
  const results = await readdir(join(folder, 'results'));
  const own = /^(afrnet|baseline)-raindrop\..+\.[0-9a-f]{8}\.(csv|json|md)$/;
  expect(results.filter((file) => !own.test(file))).toEqual(['datasets.csv', 'pictures']);
  expect(results).toHaveLength(2 * 3 + 2);
  expect(await afrnet(['restore', join(folder, 'rain-0.png'), '--weights', weights])).toMatchObject({ status: 0 });
  expect(await pictureSize(join(folder, 'rain-0-restored.png'))).toEqual({ width: 40, height: 40 });
  const exported = await afrnet(['export', '--weights', weights, '--out', join(folder, 'afrnet.onnx')]);
  expect(exported).toMatchObject({ status: 0, stderr: '' });
});

test('recipes say what they need: data, VGG19, a teacher of the right kind', async () => {
  const folder = await temporaryFolder();
  const data = await writePairs(folder, [[16, 16]]);
  const train = async (...args: string[]) => (await afrnet(['train', '--out', join(folder, 'out'), ...args])).stderr;
  expect(await train('--recipe', 'paper')).toMatch(/recipe "paper" needs a dataset of yours/);
  expect(await train('--recipe', 'paper', '--data', data)).toMatch(/needs the vgg19 features .+ with --vgg/);
  expect(await train('--recipe', 'quick-student')).toMatch(
    /this recipe learns from a trained AFRNet-16; give its checkpoint with --teacher/,
  );
  const index = new URL('../../goldens/tensorflow/small.index', import.meta.url).pathname;
  const restored = await afrnet(['restore', join(folder, 'rain-0.png'), '--weights', index]);
  expect(restored.stderr).toMatch(/small\.index: variable "SEN\/conv1\/conv2d\/kernel" is \[2,3,7,7\], expected/);
});
