import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changedGolden, parityRows, runnerOf, someGoldens, temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';

const durn = runnerOf(new URL('../cli.js', import.meta.url));

const goldens = fileURLToPath(new URL('../../goldens', import.meta.url));

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await durn(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('185 passed, 0 failed');
  expect(status).toBe(0);
});

test('values that are wrong are found, shown first, and counted', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const spoil = async (file: string, change: (golden: never) => void) => {
    await cp(join(goldens, file), join(folder, file));
    const golden = JSON.parse(await readFile(join(folder, file), 'utf8'));
    change(golden as never);
    await writeFile(join(folder, file), JSON.stringify(golden));
  };
  await spoil('DuRN_S.eval.c.json', (golden: Record<string, Record<string, number[]>>) => {
    golden.output!.value![5]! += 0.001;
  });
  await spoil('DuRN_S.train.train-a.json', (golden: Record<string, Record<string, number>>) => {
    golden.gradient!['block3.up_conv.conv2d.weight']! *= 1.01;
    golden.updated!['block5.norm2.norm.weight']! *= 1.01;
    golden.buffers!['norm1.norm.running_mean']! *= 1.01;
    golden.loss!.l1! += 0.001;
  });
  await writeFile(join(folder, 'other.json'), '{"network":"Unknown"}');
  await writeFile(join(folder, 'noise.json'), '{"sigma":');
  await spoil('losses.json', (golden: Record<string, Record<string, unknown>[]>) => {
    golden.pairs = [{ ...golden.pairs![2]!, made: 'as ever' }];
  });
  await spoil('DuRN_S.eval.a.json', (golden: Record<string, unknown>) => {
    golden.input = [1, 1, 64, 64];
  });
  await spoil('DuRN_S.steps.a.json', (golden: Record<string, unknown>) => {
    golden.lr = undefined;
  });
  const { status, stdout } = await durn(['parity', '--goldens', folder]);
  const lines = stdout.trim().split('\n');
  expect(lines.at(-1)).toBe('2 passed, 10 failed');
  expect(status).toBe(1);
  for (const quantity of ['gradient norms', 'parameters after a step', 'running statistics', 'loss terms', 'output'])
    expect(lines.slice(2, 12).some((line) => line.includes('FAILED') && line.includes(quantity))).toBe(true);
  for (const [file, reason] of [
    ['other.json', 'no check applies to it'],
    ['noise.json', 'not JSON'],
    ['losses.json', 'pair "ssim-2": made "as ever" is not understood'],
    ['DuRN_S.eval.a.json', 'input "input" must have the shape [batch,3,height,width]'],
    ['DuRN_S.steps.a.json', 'it states no learning rate'],
  ] as const)
    expect(lines.find((line) => line.includes(` ${file} `))).toContain(reason);
});

test('pairs are made as their file says', async () => {
  const folder = await someGoldens(new URL('../../goldens/', import.meta.url), ['losses.b.json']);
  type Pairs = { pairs: { made: string }[] };
  await changedGolden(
    new URL('../../goldens/losses.b.json', import.meta.url),
    join(folder, 'losses.c.json'),
    (golden: Pairs) => ({
      pairs: golden.pairs.map((pair) => ({ ...pair, made: pair.made.replace('0.4*', '0.3*').replace('0.75', '0.7') })),
    }),
  );
  const ended = await durn(['parity', '--goldens', folder]);
  for (const { file, held } of parityRows(ended)) expect(held).toBe(file === 'losses.b.json');
  expect(ended.stdout.trim().split('\n').at(-1)).toBe('4 passed, 4 failed');
  expect(ended.status).toBe(1);
});
