import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerOf, temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';

const durn = runnerOf(new URL('../cli.js', import.meta.url));

const goldens = fileURLToPath(new URL('../../goldens', import.meta.url));

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await durn(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('181 passed, 0 failed');
  expect(status).toBe(0);
});

test('values that are wrong are found, shown first, and counted', async () => {
  const folder = await temporaryFolder();
  const spoil = async (file: string, change: (golden: Record<string, never>) => void) => {
    await cp(join(goldens, file), join(folder, file));
    const golden = JSON.parse(await readFile(join(folder, file), 'utf8'));
    change(golden);
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
  const { status, stdout } = await durn(['parity', '--goldens', folder]);
  const lines = stdout.trim().split('\n');
  expect(lines.at(-1)).toBe('2 passed, 5 failed');
  expect(status).toBe(1);
  for (const quantity of ['gradient norms', 'parameters after a step', 'running statistics', 'loss terms', 'output'])
    expect(lines.slice(2, 7).some((line) => line.includes('FAILED') && line.includes(quantity))).toBe(true);
});
