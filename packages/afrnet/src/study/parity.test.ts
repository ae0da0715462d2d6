import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { input, type Tensor } from '@unweather/core-tensor';
import { changedGolden, goldenSummary, parityRows, runnerOf, someGoldens, temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';
import { MaskDecoder } from '../networks/decoder.js';
import { Encoder } from '../networks/encoder.js';
import { channelsOf, type Features } from '../networks/features.js';
import { AfrModule } from '../networks/refinement.js';
import { run, signedPicture, weightsOf } from './parity/networks.js';

const afrnet = runnerOf(new URL('../cli.js', import.meta.url));

test('golden values of every kind hold', async () => {
  const names = ['AFRNet.blocks.json', 'AFRNet.eval.a.json', 'pipeline.json'];
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), names);
  const { status, stdout } = await afrnet(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('30 passed, 0 failed');
  expect(status).toBe(0);
});

// The official code needs TensorFlow 1; these values come from a transcription that was checked against its functions.
test('every golden value of the transcription holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await afrnet(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('48 passed, 0 failed');
  expect(status).toBe(0);
});

/** Computes the parts' values at a width and sizes of this test's own, which the check can only know from the file. */
async function blocksOf(name: string, gain: number, width: number) {
  const levels = channelsOf(width).map((channels, i) => [2, channels, 24 >> i, 16 >> i]);
  const ofLevels: Record<string, number[]> = Object.fromEntries(levels.map((shape, i) => [`e${i}`, shape]));
  const named = Object.entries({ ...ofLevels, mask: [2, 1, 24, 16], fm: [2, width, 24, 16], img: [1, 3, 16, 40] });
  const inputs = Object.fromEntries(named.map(([key, shape]) => [key, input(key, shape)]));
  const module = new AfrModule(channelsOf(width));
  const [encoder, masks] = [new Encoder(width), new MaskDecoder(width)];
  const state = new Map([
    ...weightsOf(module.LRB, gain, 'FMREF.LRB1'),
    ...weightsOf(module.ATB, gain, 'FMREF.ATB1'),
    ...weightsOf(module.RRB, gain, 'FMREF.RRB1'),
    ...weightsOf(encoder, gain, 'SEN'),
    ...weightsOf(masks, gain, 'MDE'),
  ]);
  const features = [inputs.e0!, inputs.e1!, inputs.e2!, inputs.e3!] as const satisfies Features;
  const up = module.LRB.apply(features);
  const { attended, features: onwards } = module.ATB.apply(up[0], { mask: inputs.mask!, features: inputs.fm! });
  const below = module.RRB.apply(attended, up);
  const { stem, levels: seen } = encoder.apply(inputs.img!);
  const decoded = masks.apply(stem, seen);
  const numbered = (letter: string, tensors: readonly Tensor[]) =>
    Object.fromEntries(tensors.map((tensor, i) => [`${letter}${i}`, tensor]));
  const parts: Record<string, Record<string, Tensor>> = {
    LRB1: numbered('d', up),
    ATB1: { attended, mask_features: onwards },
    RRB1: numbered('e', below),
    SEN: { stem, ...numbered('EN_', seen) },
    MDE: { mask: decoded.mask, mask_features: decoded.features },
  };
  const all = Object.entries(parts).flatMap(([part, tensors]) =>
    Object.entries(tensors).map(([key, tensor]) => [`${part} ${key}`, tensor] as const),
  );
  const feeds = Object.fromEntries(named.map(([key, shape]) => [key, signedPicture('input', `${name}:${key}`, shape)]));
  const results = await run(Object.fromEntries(all), feeds, state);
  const golden: Record<string, unknown> = { case: name, gain };
  for (const part of Object.keys(parts))
    golden[part] = Object.fromEntries(
      Object.keys(parts[part]!).map((key) => {
        const { data, shape } = results[`${part} ${key}`]!;
        return [key, goldenSummary(data as Float32Array, shape)];
      }),
    );
  return golden;
}

test('facts come from the files, and one that cannot be checked leaves the others', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const change = <T>(from: string, to: string, how: (golden: T) => unknown) =>
    changedGolden(new URL(`../../goldens/${from}`, import.meta.url), join(folder, to), how);
  await writeFile(join(folder, 'AFRNet.blocks.b.json'), JSON.stringify(await blocksOf('blocks-b', 0.8, 16)));
  await change('AFRNet.blocks.json', 'AFRNet.blocks.part.json', ({ MDE: _, ...golden }: { MDE: unknown }) => golden);
  await change('AFRNet.train.train-a.json', 'AFRNet.train.words.json', (golden: object) => ({
    ...golden,
    optimiser: 'as ever',
  }));
  await change('pipeline.json', 'pipeline.size.json', (golden: object[]) => [{ ...golden[0], size: [24] }]);
  await writeFile(join(folder, 'AFRNet.eval.half.json'), '{"case":');
  const ended = await afrnet(['parity', '--goldens', folder]);
  const rows = parityRows(ended);
  expect(rows.filter(({ file }) => file === 'AFRNet.blocks.b.json').map(({ held }) => held)).toEqual(
    Array.from({ length: 17 }, () => true),
  );
  const reasons = Object.fromEntries(rows.filter(({ held }) => !held).map(({ file, where }) => [file, where]));
  expect(reasons).toEqual({
    'AFRNet.blocks.part.json': expect.stringMatching(/^MDE: /),
    'AFRNet.train.words.json': expect.stringContaining('optimiser "as ever": it is not understood'),
    'pipeline.size.json': expect.stringMatching(/^0\.size/),
    'AFRNet.eval.half.json': expect.stringContaining('not JSON'),
  });
  expect(ended.status).toBe(1);
});
