import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changedGolden, parityRows, runnerOf, someGoldens, temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';

const manas = runnerOf(new URL('../cli.js', import.meta.url));

test('golden values of every kind hold', async () => {
  const names = ['FixedMixedAutoNet.eval.a.json', 'FixedMixedAutoNet.train.train-c.json', 'ops.json', 'alphas.json'];
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), names);
  const { status, stdout } = await manas(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('83 passed, 0 failed');
  expect(status).toBe(0);
});

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await manas(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('129 passed, 0 failed');
  expect(status).toBe(0);
});

type Steps = { recipe: string; loss: number[] };
const recipe = (from: string, to: string, count: number) => (golden: Steps) => ({
  ...golden,
  loss: golden.loss.slice(0, count),
  recipe: golden.recipe.replace(from, to),
});

test('facts come from the files, and one that cannot be checked leaves the others', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const change = <T>(from: string, to: string, how: (golden: T) => unknown) =>
    changedGolden(new URL(`../../goldens/${from}`, import.meta.url), join(folder, to), how);
  // The internal terms start with the sixth epoch, and stay.
  const renamed = (names: Readonly<Record<string, string>>) => (golden: unknown) =>
    JSON.parse(
      Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(golden)),
    ) as unknown;
  await change('losses.json', 'losses.later.json', renamed({ '(epoch=5)': '(epoch=9)', '(epoch=0)': '(epoch=4)' }));
  await change('losses.json', 'losses.earlier.json', renamed({ '(epoch=5)': '(epoch=3)' }));
  await change('losses.json', 'losses.class.json', renamed({ 'Multi_loss(epoch=5)': 'Other_loss(epoch=5)' }));
  type Table = { arch_param_first: number[]; auto_param_first: number[] };
  await change('alphas.json', 'alphas.few.json', (tables: Table[]) =>
    tables.map((table) => ({
      ...table,
      arch_param_first: table.arch_param_first.slice(0, 4),
      auto_param_first: table.auto_param_first.slice(0, 2),
    })),
  );
  await change('FixedMixedAutoNet.steps.json', 'FixedMixedAutoNet.steps.words.json', recipe('on Multi', 'by Multi', 2));
  await change(
    'MixedSearchSpace.arch-step.train-a.json',
    'MixedSearchSpace.arch-step.epoch.json',
    (golden: object) => ({
      ...golden,
      mode: 'eval',
    }),
  );
  await writeFile(join(folder, 'ssim.half.json'), '[{"case":');
  const ended = await manas(['parity', '--goldens', folder]);
  const rows = parityRows(ended);
  const of = (file: string, held: boolean) =>
    rows.filter((row) => row.file === file && row.held === held).map(({ quantity }) => quantity);
  expect([of('losses.later.json', true).length, of('losses.later.json', false)]).toEqual([4, []]);
  expect(of('losses.earlier.json', false)).toHaveLength(4);
  expect([of('alphas.few.json', true).length, of('alphas.few.json', false)]).toEqual([12, []]);
  const reasons = Object.fromEntries(
    rows.filter(({ quantity }) => quantity === 'not checked').map(({ file, where }) => [file, where]),
  );
  expect(reasons).toEqual({
    'losses.class.json': expect.stringContaining('there is no loss "Other_loss"; choose one of Multi_loss,'),
    'FixedMixedAutoNet.steps.words.json': expect.stringContaining('it does not say "on LOSS(epoch=…)"'),
    'MixedSearchSpace.arch-step.epoch.json': 'mode "eval": it does not say "epoch argument …"',
    'ssim.half.json': expect.stringContaining('not JSON'),
  });
  expect(ended.status).toBe(1);
});

test('optimiser and number of steps come from the files', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const change = <T>(from: string, to: string, how: (golden: T) => unknown) =>
    changedGolden(new URL(`../../goldens/${from}`, import.meta.url), join(folder, to), how);
  const steps = 'FixedMixedAutoNet.steps';
  await change(`${steps}.json`, `${steps}.two.json`, recipe('', '', 2));
  await change(`${steps}.json`, `${steps}.rate.json`, recipe('1e-3', '1e-5', 2));
  await change('MixedSearchSpace.train.train-a.json', 'MixedSearchSpace.train.rule.json', (golden: object) => ({
    ...golden,
    optimiser: 'SGD lr 0.002, momentum 0.5',
  }));
  const rows = parityRows(await manas(['parity', '--goldens', folder]));
  const of = (file: string, held: boolean) =>
    rows.filter((row) => row.file === file && row.held === held).map(({ quantity }) => quantity);
  // The file's output belongs to the weights after four steps, not two.
  expect(of(`${steps}.two.json`, true)).toEqual(['losses']);
  expect(of(`${steps}.two.json`, false)).toEqual(['output after the steps']);
  expect(of(`${steps}.rate.json`, false).sort()).toEqual(['losses', 'output after the steps']);
  expect(rows.find(({ file }) => file === 'MixedSearchSpace.train.rule.json')!.where).toMatch(
    /^optimiser: a search renews its weights by .+0\.9.+0\.5/,
  );
});
