import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Conv2d, cut, float32, readPicture, type State, writeCheckpoint, writePng } from '@unweather/core-tensor';
import { type Evaluation, generalProtocols, mergeShards, readEvaluation, readEvaluations } from '@unweather/eval';
import { expect, test } from 'vitest';
import { createReporter, type Reporter } from '../reporter.js';
import type { Study } from '../study.js';
import { temporaryFolder } from '../test-support.js';
import { type EvalOptions, evalCommand } from './command.js';

/** A network of one weight, which multiplies its input by it. */
class Scale extends Conv2d {
  constructor() {
    super(3, 3, 1, { bias: false });
  }
}

const published = join(await temporaryFolder(), 'published.json');
await writeFile(published, '[]');
const [protocol] = generalProtocols as [(typeof generalProtocols)[0]];
const paper: Study = {
  name: 'paper',
  title: 'A paper',
  networks: { Scale: { create: () => new Scale(), losses: {}, gradientNoise: 0, gradientShare: 0, stepsNoise: 0 } },
  tasks: {
    rain: {
      ...{ title: 'rain', network: 'Scale', recipes: {}, losses: {}, degradation: 'rain' },
      ...{ protocols: [protocol], benchmarks: { 'did-mdn/test': protocol.name } },
    },
    haze: {
      ...{ title: 'haze', network: 'Scale', recipes: {}, losses: {}, degradation: 'haze' },
      ...{ protocols: [protocol], benchmarks: {} },
    },
  },
  home: new URL('file:///nowhere/'),
  protocols: new URL('file:///nowhere/'),
  published: pathToFileURL(published),
  goldens: new URL('file:///nowhere/'),
};

const photo = fileURLToPath(new URL('../../../datasets/embedded/held-out/coffee.png', import.meta.url));

/** Writes five pairs, each two neighbouring pieces of the photograph, and their meta file. */
async function writePieces(folder: string): Promise<string> {
  const picture = await readPicture(photo);
  const entries = Array.from({ length: 5 }, (_, i) => [`gt-${i}.png`, `rain-${i}.png`]);
  for (const [row, names] of entries.entries())
    for (const [column, name] of names.entries())
      await writePng(join(folder, name), cut(picture, { left: 24 * column, top: 24 * row, width: 24, height: 24 }));
  const meta = join(folder, 'meta.json');
  await writeFile(meta, JSON.stringify(entries));
  return meta;
}

/** Five pairs and the checkpoint of a network that darkens. */
async function setUp() {
  const folder = await temporaryFolder();
  const data = await writePieces(folder);
  const weights = join(folder, 'weights.safetensors');
  const diagonal = Float32Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 0.9 : 0));
  const state: State = new Map([['weight', float32(diagonal, [3, 3, 1, 1])]]);
  await writeCheckpoint(weights, 'Scale', state, { step: 1, seed: 1, recipe: {} });
  const options: EvalOptions = {
    task: 'rain',
    weights,
    data,
    meta: join(folder, 'meta'),
    out: join(folder, 'results'),
    baselines: false,
  };
  return { folder, options };
}

/** A reporter that records all calls. */
function listener() {
  const told: { said: string[]; pictures: string[]; results: unknown[] } = { said: [], pictures: [], results: [] };
  const reporter: Reporter = {
    ...createReporter('jsonl', { write: () => true } as unknown as NodeJS.WriteStream),
    say: (text) => told.said.push(text),
    picture: ({ picture }) => told.pictures.push(picture),
    result: (_text, data) => told.results.push(data),
  };
  return { reporter, told };
}

async function run(options: EvalOptions, signal = new AbortController().signal) {
  const { reporter, told } = listener();
  const finished = await evalCommand(paper, options, reporter, signal);
  return { finished, told };
}

async function only(folder: string): Promise<{ path: string; evaluation: Evaluation }> {
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return { path: join(folder, file!), evaluation: await readEvaluation(join(folder, file!)) };
}

test('an evaluation says what was measured, on what, by what, and shows its best, median and worst picture', async () => {
  const { options } = await setUp();
  expect(await run(options)).toMatchObject({ finished: true });
  const { evaluation } = await only(options.out);
  expect(evaluation).toMatchObject({
    ...{
      paper: 'paper',
      task: 'rain',
      network: 'Scale',
      pairs: 5,
      benchmark: false,
      weights: { file: options.weights },
    },
    provenance: { engine: 'onnxruntime-node cpu', versions: { node: process.versions.node } },
  });
  expect(evaluation.records.map(({ picture }) => picture)).toEqual([0, 1, 2, 3, 4].map((i) => `rain-${i}.png`));
  const psnr = evaluation.records.map(({ restored }) => restored.psnr);
  const { mean, low, high } = evaluation.summary.at(-1)!.restored.psnr!;
  expect(mean).toBeCloseTo(psnr.reduce((a, b) => a + b) / 5, 12);
  expect([low <= mean, mean <= high, low >= Math.min(...psnr), high <= Math.max(...psnr)]).not.toContain(false);
  const sorted = [...evaluation.records].sort((a, b) => b.restored.psnr - a.restored.psnr);
  const shown = Object.fromEntries(evaluation.exemplars.map(({ rank, picture }) => [rank, picture]));
  expect(shown).toEqual({ best: sorted[0]!.picture, median: sorted[2]!.picture, worst: sorted[4]!.picture });
  for (const { input } of evaluation.exemplars)
    expect((await readFile(join(options.out, input))).length).toBeGreaterThan(0);
  const line = (await readFile(join(options.out, 'datasets.csv'), 'utf8')).split('\n')[1];
  expect(line).toContain(mean.toFixed(6));
});

test('what a stopped evaluation has scored is not scored again, not even behind a line that a crash cut', async () => {
  const { options } = await setUp();
  const controller = new AbortController();
  const { reporter, told } = listener();
  const stopping: Reporter = {
    ...reporter,
    picture: (record, ...rest) => {
      reporter.picture(record, ...rest);
      if (told.pictures.length === 2) controller.abort();
    },
  };
  expect(await evalCommand(paper, options, stopping, controller.signal)).toBe(false);
  expect(told.said.at(-1)).toBe('stopped after 2 pictures; run the same command again to continue');
  const [journal] = (await readdir(options.out)).filter((name) => name.endsWith('.jsonl'));
  const path = join(options.out, journal!);
  // Marks the record so that it can be recognised later.
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/"restored":\{"psnr":[\d.]+/, '"restored":{"psnr":77'));
  await appendFile(path, '{"picture":"rain-2');
  expect(await run(options)).toMatchObject({ finished: true });
  const { evaluation } = await only(options.out);
  expect(evaluation.records.map(({ restored }) => restored.psnr === 77)).toEqual([true, false, false, false, false]);
  expect((await readdir(options.out)).filter((name) => name.endsWith('.jsonl'))).toEqual([]);
});

test('a finished evaluation is known again, but not by other metrics, weights or pictures', async () => {
  const { folder, options } = await setUp();
  await run(options);
  const { path } = await only(options.out);
  const mark = async () => {
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/("restored": \{\s+"psnr": )[\d.]+(,[^}]+\}\s+\},)/, '$177$2'));
  };
  const first = async () => (await readEvaluation(path)).records[0]!.restored.psnr;
  await mark();
  await run(options);
  expect(await first()).toBe(77);
  await run({ ...options, metrics: ['mse', 'ciede2000'] });
  expect(await first()).not.toBe(77);
  const { records, metrics, summary } = await readEvaluation(path);
  expect(metrics.map(({ name, better }) => [name, better])).toEqual([
    ['mse', 'lower'],
    ['ciede2000', 'lower'],
  ]);
  expect(summary[0]!.restored.mse!.mean).toBeCloseTo(
    records.reduce((sum, { restored }) => sum + restored.mse!, 0) / 5,
    9,
  );
  expect(await readFile(path.replace(/json$/, 'md'), 'utf8')).toMatch(/mse in \| +mse out \| ciede2000 in/);
  await run(options);
  await mark();
  await rename(join(folder, 'rain-1.png'), join(folder, 'rain-0.png'));
  await writeFile(join(folder, 'rain-1.png'), await readFile(join(folder, 'rain-2.png')));
  await run(options);
  expect(await first()).not.toBe(77);
});

test('shards put together are the whole evaluation', async () => {
  const { folder, options } = await setUp();
  const out = join(folder, 'shards');
  for (const index of [2, 1]) await run({ ...options, out, shard: { index, of: 2 } });
  const files = (await readdir(out)).filter((name) => name.endsWith('.jsonl')).map((name) => join(out, name));
  const [merged] = await mergeShards(files);
  await run(options);
  const { evaluation } = await only(options.out);
  expect(merged!.records).toEqual(evaluation.records);
  expect(merged!.context.notes.at(-1)).toBe('Merged from 2 shards.');
  await expect(mergeShards([files[0]!])).rejects.toThrow(/shards 2 of 2 are missing; give all of them/);
  await expect(mergeShards([...files, files[0]!])).rejects.toThrow(/is shard 1 of 2, like .+; leave one out/);
  await expect(mergeShards([join(out, 'none.jsonl')])).rejects.toThrow(
    /none\.jsonl: no such file; give the files that/,
  );
  const text = await readFile(files[1]!, 'utf8');
  await writeFile(files[1]!, text.replace(/\n[^\n]+\n$/, '\n'));
  await expect(mergeShards(files)).rejects.toThrow(/has 1 of its 2 pictures; run "eval --shard 2\/2" again/);
  await writeFile(files[1]!, text.replace('"pairs":5', '"pairs":6'));
  await expect(mergeShards(files)).rejects.toThrow(/belongs to another evaluation than .+; merge shards of one run/);
  await writeFile(files[1]!, text.replace('{"index":2,"of":2}', 'null'));
  await expect(mergeShards(files)).rejects.toThrow(/is a whole evaluation, not a shard; leave it out/);
  await writeFile(files[1]!, text.replace('"scene"', '"scen"'));
  await expect(mergeShards(files)).rejects.toThrow(/jsonl: line 2: .+; remove it and evaluate again/);
});

test('without weights or pairs by name, every checkpoint of every task is scored, on the embedded photographs', async () => {
  const { folder, options } = await setUp();
  const runs = join(folder, 'runs/paper');
  for (const name of ['rain-quick', 'rain-long', 'other']) {
    await mkdir(join(runs, name), { recursive: true });
    await writeFile(join(runs, name, 'checkpoint.safetensors'), await readFile(options.weights!));
  }
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { told } = await run({ meta: 'meta', out: 'results', baselines: false });
    expect(told.said).toEqual([
      'paper, haze: no weights, not scored; train some with "npx nx run paper:train -- --task haze"',
      expect.stringMatching(/^runs on onnxruntime-node cpu, \d+ threads?$/),
      'paper, rain: runs/paper/rain-long/checkpoint.safetensors on embedded held-out',
      'paper, rain: runs/paper/rain-quick/checkpoint.safetensors on embedded held-out',
    ]);
    const [evaluation] = await readEvaluations('results');
    expect(evaluation).toMatchObject({ dataset: 'embedded', split: 'held-out', benchmark: false, pairs: 15 });
    expect(evaluation!.notes[0]).toMatch(/^Embedded set: .+ No paper’s benchmark/);
    await expect(run({ meta: 'meta', out: 'results', dataset: 'did-mdn' })).rejects.toThrow(
      'did-mdn: no split that rain is scored on is prepared in meta; prepare it with ' +
        '"npx nx run datasets:prepare -- did-mdn --root DIR"',
    );
    await expect(run({ task: 'haze', meta: 'meta', out: 'results' })).rejects.toThrow(
      /^paper, haze: there are no weights \(no runs\/paper\/haze-quick\/checkpoint\.safetensors, and the package carries none\);/,
    );
  } finally {
    process.chdir(before);
  }
});

test('what a few lines reach is scored on the same pictures: the picture as it came, and for haze two more', async () => {
  const { options } = await setUp();
  const { told } = await run({ ...options, baselines: true });
  expect(told.said).toContainEqual(expect.stringMatching(/^baseline, rain: identity on /));
  const named = async (out: string) =>
    Object.fromEntries((await readEvaluations(out)).map((evaluation) => [evaluation.network, evaluation]));
  const { Scale, identity, ...others } = await named(options.out);
  expect(Object.keys(others)).toEqual([]);
  expect(identity).toMatchObject({ paper: 'baseline', baseline: true, weights: { file: 'none' }, pairs: 5 });
  expect(Scale).toMatchObject({ paper: 'paper', baseline: false });
  // The identity baseline's scores equal those of the input in every number.
  for (const [i, { input, restored, picture }] of identity!.records.entries()) {
    expect(restored).toEqual(input);
    expect([picture, input]).toEqual([Scale!.records[i]!.picture, Scale!.records[i]!.input]);
  }
  const haze = { ...options, task: 'haze', out: join(options.out, 'haze') };
  await run({ ...haze, baselines: true });
  expect(Object.keys(await named(haze.out)).sort()).toEqual(['Scale', 'constant', 'dark-channel', 'identity']);
});

test('a paper without any weights is said and not scored', async () => {
  const { folder } = await setUp();
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { told } = await run({ meta: 'meta', out: 'results', baselines: false });
    expect(told.said).toEqual([
      'paper, rain, haze: no weights, not scored; train some with "npx nx run paper:train -- --task rain"',
    ]);
    expect(existsSync('results')).toBe(false);
  } finally {
    process.chdir(before);
  }
});

test('results that cannot be read are named and left alone', async () => {
  const { options } = await setUp();
  await run(options);
  const { path } = await only(options.out);
  await writeFile(path, '{');
  await expect(run(options)).rejects.toThrow(/\.json: not JSON; remove it and evaluate again/);
  await expect(readEvaluations(join(options.out, 'none'))).rejects.toThrow(/none: no such folder; run an evaluation/);
});
