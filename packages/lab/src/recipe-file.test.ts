import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Loss, l1AndSsim, mse, type WeightedLoss } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { lossOf, Recipe } from './recipe.js';
import { chosenRecipe } from './recipe-file.js';
import { temporaryFolder } from './test-support.js';

const quick: Recipe = {
  ...{ name: 'quick', note: 'fast', crop: 16, batch: 1, duration: { steps: 2 }, optimiser: 'adam', learningRate: 1e-3 },
  ...{ schedule: { kind: 'cosine' }, flip: true, order: 'shuffled', visit: 'pair', loss: 'l1', seed: 1 },
  ...{ saveEvery: 10, needsData: false },
};
const kind = { schema: Recipe, table: { quick } };
const chosen = (...settings: string[]) => chosenRecipe(kind, 'quick', settings);

async function written(value: unknown): Promise<string> {
  const file = join(await temporaryFolder(), 'mine.json');
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

test('a recipe is taken by its name or from a file, which may name the schema that editors read', async () => {
  expect(await chosenRecipe(kind, 'quick')).toEqual(quick);
  const file = await written({ $schema: 'recipe.schema.json', ...quick, name: 'mine' });
  expect(await chosenRecipe(kind, file)).toEqual({ ...quick, name: 'mine' });
});

test('settings change keys and parts, by JSON or by text', async () => {
  const changed = await chosen(
    'learningRate=1e-4',
    'schedule.kind=constant',
    'loss.weights.ssim=-2',
    'note=slow and steady',
    'laterCrops=[{"after":0.5,"crop":32}]',
    'laterCrops.0.crop=48',
  );
  expect(changed).toEqual({
    ...quick,
    learningRate: 1e-4,
    schedule: { kind: 'constant' },
    loss: { name: 'l1', weights: { ssim: -2 } },
    note: 'slow and steady',
    laterCrops: [{ after: 0.5, crop: 48 }],
  });
  expect(quick).toMatchObject({ learningRate: 1e-3, loss: 'l1' });
});

test.each([
  ['learnigRate=1', 'there is no key "learnigRate"; did you mean "learningRate"?'],
  ['statistics.crap=8', 'there is no key "statistics.crap"; did you mean "crop"?'],
  ['schedule.flor=0', 'there is no key "schedule.flor"'],
  ['learningRate=-1', 'learningRate: Too small'],
  ['learningRate=fast', 'learningRate: Invalid input: expected number'],
  ['optimiser=sgd', 'optimiser: Invalid option: expected one of "adam"|"adam-tensorflow"'],
  ['crop={"width":8}', 'crop.height: Invalid input: expected number'],
  ['name=a/b', 'name: must consist of letters, digits, dots and dashes'],
  ['=3', '--set =3: give a key and a value, for instance learningRate=1e-4'],
  ['batch', '--set batch: give a key and a value'],
])('the setting %s is refused: %s', async (setting, message) => {
  await expect(chosen(setting)).rejects.toThrow(
    expect.objectContaining({ name: 'UserError', message: expect.stringContaining(message) }),
  );
});

test('a file that is no recipe is named, with its fault', async () => {
  const refused = async (value: unknown, message: RegExp) =>
    expect(chosenRecipe(kind, await written(value))).rejects.toThrow(message);
  await refused('{', /mine\.json: not JSON \(.+\); "train --print-recipe" writes a recipe to begin with/);
  await refused([quick], /mine\.json: not a recipe but a list; give an object/);
  await refused({ ...quick, sead: 3 }, /mine\.json: there is no key "sead"; did you mean "seed"\?/);
  await refused({ ...quick, seed: undefined }, /mine\.json: seed: Invalid input: expected number/);
  await expect(chosenRecipe(kind, './none.json')).rejects.toThrow(
    /none\.json: cannot be read \(.+\); give the path of a recipe, or the name of one/,
  );
  await expect(chosenRecipe(kind, 'quik')).rejects.toThrow('there is no recipe "quik"; choose one of quick');
});

test('a recipe changes the weights of its loss, whose terms are named where one is wrong', () => {
  const squares: Loss = (output, target) => ({ total: mse(output, target) });
  const losses = { both: l1AndSsim({ l1: 0.75, ssim: -1.1 }), mse: squares };
  const changed = lossOf(losses, { loss: { name: 'both', weights: { ssim: -2 } } });
  expect('loss' in changed && (changed.loss as WeightedLoss).weights).toEqual({ l1: 0.75, ssim: -2 });
  expect(() => lossOf(losses, { loss: { name: 'both', weights: { vgg: 1 } } })).toThrow(
    'loss.weights.vgg: the loss has no such term; it has l1, ssim',
  );
  expect(() => lossOf(losses, { loss: { name: 'mse', weights: { mse: 2 } } })).toThrow(
    'loss.weights: this loss has no weights to change; leave them out',
  );
  expect(() => lossOf(losses, { loss: 'l2' })).toThrow('there is no loss "l2"; choose one of both, mse');
});

test('recipe.schema.json is the schema that is checked', async () => {
  const schema = `${JSON.stringify(z.toJSONSchema(Recipe, { io: 'input' }), null, 2)}\n`;
  await expect(schema).toMatchFileSnapshot(fileURLToPath(new URL('../recipe.schema.json', import.meta.url)));
});
