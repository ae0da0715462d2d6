import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embeddedPairs } from '@unweather/datasets';
import type { Reporter } from '@unweather/lab';
import { inProcess, temporaryFolder, writePairs } from '@unweather/testing';
import { expect, test } from 'vitest';
import { readArchitecture } from '../../architecture/file.js';
import { mismatched, openLoaders } from './batches.js';
import { type SearchRecipe, searchRecipes } from './recipes.js';
import { search } from './run.js';

const manas = inProcess(new URL('../../cli.js', import.meta.url));
const officialSearch = fileURLToPath(new URL('../../../goldens/checkpoints/search.pt', import.meta.url));

const tiny: SearchRecipe = {
  ...searchRecipes.quick!,
  ...{ crop: 16, batch: 1, order: 'shuffled', validation: 0.5, epochs: 2, warmUp: 1, complexity: 0.1 },
};

/** Reporter that keeps its lines, and may stop the search after a step. */
function listener(onStep: (step: number) => void = () => undefined): Reporter & { readonly lines: string[] } {
  const lines: string[] = [];
  const nothing = () => undefined;
  return {
    lines,
    say: (text) => void lines.push(text),
    step: ({ step }) => onStep(step),
    picture: nothing,
    download: nothing,
    wrote: (path) => void lines.push(`wrote ${path}`),
    result: nothing,
    pause: nothing,
  };
}

test('a search that is interrupted and resumed ends as one that was not, to the byte', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const [straight, broken] = [join(folder, 'straight'), join(folder, 'broken')];
  const all = await embeddedPairs('train', 'rain', { everyLevel: true });
  const two = [...new Set(all.map(({ truth }) => truth))].slice(0, 2);
  const data = { pairs: all.filter(({ truth }) => two.includes(truth)), identity: 'embedded' };
  const whole = listener();
  expect(await search(tiny, data, { out: straight }, whole, new AbortController().signal)).toBe(true);
  expect(whole.lines).toContainEqual(expect.stringMatching(/^epoch 1: MANAS-[HF]{4}-\S+$/));
  expect(whole.lines).toContainEqual(
    expect.stringMatching(/^epoch 2: MANAS-\S+, -?\d+\.\d\d dB on validation patches$/),
  );
  expect(whole.lines.slice(-3, -1)).toEqual([
    `wrote ${straight}/architecture.json`,
    `wrote ${straight}/architecture.svg`,
  ]);

  const controller = new AbortController();
  const first = listener((step) => step === 1 && controller.abort());
  expect(await search(tiny, data, { out: broken }, first, controller.signal)).toBe(false);
  expect(first.lines.at(-1)).toBe('stopped after step 1 of 2; go on with --resume');
  const resume = join(broken, 'search.safetensors');
  const signal = new AbortController().signal;
  expect(await search(tiny, data, { out: broken, resume }, listener(), signal)).toBe(true);
  const bytes = (out: string) => readFile(join(out, 'search.safetensors'));
  expect((await bytes(broken)).equals(await bytes(straight))).toBe(true);
  // The command line finds the recipe in the checkpoint; other pairs are refused.
  expect((await manas(['search', '--resume', '--out', broken])).stderr).toMatch(
    /search\.safetensors: was written by another search/,
  );
  await expect(search({ ...tiny, seed: 9 }, data, { out: broken, resume }, listener(), signal)).rejects.toThrow(
    /search\.safetensors: was written by another search; choose another --out, or leave out --resume/,
  );

  const derived = join(folder, 'derived.json');
  const args = ['derive', '--search', join(straight, 'search.safetensors'), '--per-branch', '--out', derived];
  expect(await manas(args)).toMatchObject({ status: 0, stderr: '' });
  const shared = await readArchitecture(join(straight, 'architecture.json'));
  const own = await readArchitecture(derived);
  expect(own.cells).toEqual(shared.cells);
  expect(own.edges[0][0]).toEqual(shared.edges[0][0]);
  expect(own.edges.map(({ length }) => length)).toEqual([2, 3, 4]);
});

test('backgrounds judge the architecture or train the weights, never both; every triple is whole', async () => {
  const pairs = await embeddedPairs('train', 'rain', { everyLevel: true });
  const loaders = openLoaders({ pairs }, { ...searchRecipes.quick!, crop: 16 });
  try {
    expect(loaders).toMatchObject({ stepsPerEpoch: 3, batchSize: 12 });
    const namesOf = async (kind: 'training' | 'validation') => {
      const names: string[] = [];
      for await (const batch of loaders[kind](0)) {
        names.push(...batch.names);
        if (batch.step === 8) break;
      }
      return names;
    };
    const [trained, judged] = [await namesOf('training'), await namesOf('validation')];
    for (const names of [trained, judged])
      for (let i = 0; i < names.length; i += 3) expect(new Set(names.slice(i, i + 3)).size).toBe(1);
    expect(new Set(judged).size).toBe(4);
    expect(trained.filter((name) => judged.includes(name))).toEqual([]);
  } finally {
    await loaders.close();
  }
});

test('the official validation holds results against the truths of other pictures', () => {
  const truth = Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6);
  const batch = { step: 0, epoch: 0, names: [], files: [], size: 6, input: truth, truth };
  expect([...mismatched(batch).truth]).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
});

test('the official search’s checkpoint is derived from; errors are one line that says what to do', async () => {
  const folder = await temporaryFolder();
  const out = join(folder, 'architecture.json');
  const derived = await manas(['derive', '--search', officialSearch, '--out', out]);
  expect(derived).toMatchObject({ status: 0, stderr: '' });
  expect(derived.stdout).toContain('network MANAS-HFHF-HFHF-HFHF-012-345-678');
  const error = async (...args: string[]) => (await manas(args)).stderr;
  expect(await error('search', '--recipe', 'paper')).toMatch(/recipe "paper" needs a dataset of yours; .+ with --data/);
  expect(await error('search', '--resume', officialSearch)).toMatch(
    /search\.pt: contains no training run of this kind/,
  );
  expect(await error('search', '--resume', '--epochs', '3', '--per-branch', '--out', folder)).toMatch(
    /--resume goes on with the recipe, .+; leave out --epochs/,
  );
  expect(await error('search', '--resume', '--out', folder)).toMatch(/search\.safetensors: cannot be read/);
  expect(await error('derive', '--out', 'x.txt')).toMatch(/x\.txt: the name must end in \.json/);
  expect(await error('derive', '--width', '0.3', '--search', officialSearch)).toMatch(
    /a width of 0\.3 gives fractions of channels/,
  );
  expect(await error('search', '--complexity', 'much')).toMatch(/It must be a number, 0 or more/);
  const other = fileURLToPath(new URL('../../../goldens/checkpoints/state.pth', import.meta.url));
  expect(await error('derive', '--search', other)).toMatch(/state\.pth: has no "arch_param" of \[12,2\]; give/);
  const meta = await writePairs(folder, [
    [64, 64],
    [64, 64],
  ]);
  expect(await error('search', '--data', meta, '--out', join(folder, 'search'))).toMatch(
    /gt-\d\.png: is the truth of 1 inputs, but a triple has 3 \(light, medium and heavy\)/,
  );
});
