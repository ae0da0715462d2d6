import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changedGolden, parityRows, runnerOf, someGoldens, temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';

const aecr = runnerOf(new URL('../cli.js', import.meta.url));

test('golden values of every kind hold', async () => {
  const names = [
    'aecrnet.eval.a.json',
    'aecrnet.train.train-a.json',
    'dcn.a.json',
    'dcn.b.json',
    'fastdeconv.a.json',
    'schedule.json',
  ];
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), names);
  const { status, stdout } = await aecr(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('38 passed, 0 failed');
  expect(status).toBe(0);
});

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await aecr(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('68 passed, 0 failed');
  expect(status).toBe(0);
});

test('facts come from the files, and one that cannot be checked leaves the others', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const change = <T>(from: string, to: string, how: (golden: T) => unknown) =>
    changedGolden(new URL(`../../goldens/${from}`, import.meta.url), join(folder, to), how);
  const lr = (step: number) => 0.5 * (1 + Math.cos((step * Math.PI) / 90)) * 3e-4;
  const steps = [1, 45, 89, 90];
  await writeFile(
    join(folder, 'schedule.short.json'),
    JSON.stringify({ T: 90, initial: 3e-4, steps, lr: steps.map(lr) }),
  );
  type Layer = { layer: string };
  const relayered = (from: string, to: string) => (golden: Layer) => ({
    ...golden,
    layer: golden.layer.replace(from, to),
  });
  await change('dcn.b.json', 'dcn.gain.json', relayered('gain 3 ', 'gain 2 '));
  await change('dcn.b.json', 'dcn.kernel.json', relayered('3x3', '5x5'));
  await change('dcn.b.json', 'dcn.key.json', ({ layer: _, ...golden }: Layer) => golden);
  await change('dcn.b.json', 'dcn.tensor.json', ({ gradient, ...golden }: { gradient: { bias: unknown } }) => ({
    ...golden,
    gradient: { ...gradient, offset: gradient.bias },
  }));
  await change('dcn.b.json', 'dcn.right.json', (golden) => golden);
  await change('fastdeconv.a.json', 'fastdeconv.third.json', (golden: { train2: object }) => ({
    ...golden,
    train2: { ...golden.train2, input: 'input:CASE:3' },
  }));
  await change('metrics.json', 'metrics.less.json', ({ pairs }: { pairs: { made: string }[] }) => ({
    pairs: pairs.map((pair) => ({ ...pair, made: pair.made.replace('0.3*', '0.2*') })),
  }));
  await change('metrics.json', 'metrics.words.json', ({ pairs }: { pairs: object[] }) => ({
    pairs: [{ ...pairs[0], made: 'as ever' }],
  }));
  await writeFile(join(folder, 'contrast.half.json'), '{"case":');
  const ended = await aecr(['parity', '--goldens', folder]);
  const rows = parityRows(ended);
  const of = (file: string, held: boolean) =>
    rows.filter((row) => row.file === file && row.held === held).map(({ quantity }) => quantity);
  expect(of('schedule.short.json', true)).toEqual(['learning rate']);
  expect(of('dcn.right.json', true)).toHaveLength(7);
  expect(of('dcn.gain.json', false)).toContain('offsets and mask');
  expect(of('fastdeconv.third.json', true)).toContain('pass 1: output');
  expect(of('fastdeconv.third.json', false)).toContain('pass 2: output');
  expect(of('metrics.less.json', false)).toEqual(['metric-0']);
  expect(rows.filter(({ quantity }) => quantity === 'not checked').map(({ file, where }) => [file, where])).toEqual(
    expect.arrayContaining([
      ['contrast.half.json', expect.stringContaining('not JSON')],
      ['dcn.kernel.json', expect.stringContaining('only 3x3, stride 1, padding 1 can be checked')],
      ['dcn.key.json', expect.stringMatching(/^layer: .+received undefined$/)],
      ['dcn.tensor.json', expect.stringContaining('there is no tensor "offset"; choose one of weight, bias')],
      ['metrics.words.json', expect.stringContaining('made "as ever"')],
    ]),
  );
  expect(ended.status).toBe(1);
});
