import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { float32, type Picture, type State } from '@unweather/core-tensor';
import { embeddedPairs } from '@unweather/datasets';
import { basicsrProtocol } from '@unweather/eval';
import { expect, test } from 'vitest';
import type { Data } from '../data.js';
import type { Subject } from '../evaluation/evaluate.js';
import type { Reporter } from '../reporter.js';
import { temporaryFolder } from '../test-support.js';
import { spread, Validation, type ValidationOptions } from './validation.js';

const paper = { name: 'paper', protocols: new URL('../../../eval/dist/index.js', import.meta.url) };

/** Weights of a stand-in network that brightens pictures by a number of levels. */
const brighter = (levels: number): State => new Map([['levels', float32(Float32Array.of(levels), [1])]]);

function subject(weights: State): Omit<Subject, 'data'> {
  const levels = Number(weights.get('levels')!.data[0]);
  const restore = async (picture: unknown) => {
    const { width, height, data } = picture as Picture;
    return { width, height, data: data.map((value) => Math.min(255, value + levels)) };
  };
  const open = async () => ({ restore, dispose: async () => undefined });
  return { paper, name: 'Net', contender: { sha256: '', engine: 'none', open }, protocol: basicsrProtocol };
}

function listener(): Reporter & { readonly lines: string[] } {
  const lines: string[] = [];
  const nothing = () => undefined;
  return {
    ...{ lines, say: (line) => void lines.push(line), step: nothing, picture: nothing, download: nothing },
    ...{ wrote: nothing, result: nothing, pause: nothing },
  };
}

/** One embedded photograph, its truth as its input: the best weights change nothing. */
async function untouched(): Promise<Data> {
  const { truth } = (await embeddedPairs('held-out', 'rain'))[0]!;
  const pair = { kind: 'files' as const, name: 'one', truth, input: truth };
  return { pairs: [pair], dataset: 'set', split: '', identity: '', note: '' };
}

async function scoring(options: Partial<ValidationOptions> = {}, from = 0) {
  const folder = options.folder ?? (await temporaryFolder());
  const one = { folder, sets: [await untouched()], every: 1, subject, ...options };
  const validation = await Validation.open(one, from);
  const reporter = listener();
  const score = (step: number, levels: number) =>
    validation.score(step, brighter(levels), (path) => writeFile(path, `${levels}`), {
      reporter,
      signal: new AbortController().signal,
    });
  return { folder, score, lines: reporter.lines };
}

test('the best three checkpoints are kept: a better one replaces the worst, a worse one is not written', async () => {
  const nameOf = ({ step }: { step: number }) => `step-${step}.safetensors`;
  const { folder, score, lines } = await scoring({ keep: 3, nameOf });
  await score(1, 8);
  await score(2, 2);
  await score(3, 4);
  await score(4, 1);
  expect((await readdir(folder)).sort()).toEqual([
    ...['step-2.safetensors', 'step-3.safetensors', 'step-4.safetensors', 'validation.json'],
  ]);
  await score(5, 16);
  expect((await readdir(folder)).sort()).toEqual([
    ...['step-2.safetensors', 'step-3.safetensors', 'step-4.safetensors', 'validation.json'],
  ]);
  expect(lines.map((line) => line.endsWith('the best so far'))).toEqual([true, true, false, true, false]);
  const saved = JSON.parse(await readFile(join(folder, 'validation.json'), 'utf8'));
  expect(saved).toMatchObject(
    [1, 2, 3, 4, 5].map((step) => ({ step, sets: [{ set: 'set', pictures: 1, psnrIn: 100 }] })),
  );

  // A resumed run knows the scores before it, and drops those of steps that it repeats.
  const resumed = await scoring({ folder, keep: 3, nameOf }, 4);
  await resumed.score(4, 0);
  expect(resumed.lines).toEqual([]);
  await resumed.score(5, 3);
  expect(await readFile(join(folder, 'step-5.safetensors'), 'utf8')).toBe('3');
  expect((await readdir(folder)).sort()).toEqual([
    ...['step-2.safetensors', 'step-4.safetensors', 'step-5.safetensors', 'validation.json'],
  ]);
});

test('the metric decides which weights are the best, and validations without gain are counted', async () => {
  const folder = await temporaryFolder();
  const set = (psnr: number, ssim: number) => ({ set: 's', pictures: 1, psnrIn: 20, psnr, ssim });
  const scores = [set(21, 0.7), set(23, 0.8), set(22, 0.9), set(22, 0.6)];
  const saved = scores.map((one, i) => ({ step: i + 1, sets: [one] }));
  await writeFile(join(folder, 'validation.json'), JSON.stringify(saved));
  const open = (metric: 'psnr' | 'ssim') => Validation.open({ folder, sets: [], every: 1, subject, metric }, 4);
  expect((await open('psnr')).withoutGain).toBe(2);
  expect((await open('ssim')).withoutGain).toBe(1);
});

test('of equal scores the earlier checkpoint stays, and an aborted validation saves nothing', async () => {
  const { folder, score } = await scoring();
  await score(1, 4);
  await score(2, 4);
  expect(await readFile(join(folder, 'best.safetensors'), 'utf8')).toBe('4');
  const empty = await temporaryFolder();
  const options = { folder: empty, sets: [await untouched()], every: 1, subject };
  const validation = await Validation.open(options, 0);
  const write = () => Promise.reject(new Error('nothing is written'));
  await validation.score(1, brighter(1), write, { reporter: listener(), signal: AbortSignal.abort() });
  expect(await readdir(empty)).toEqual([]);
});

test('validation without what an earlier run wrote, or with something else, says so', async () => {
  const folder = await temporaryFolder();
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const open = (from: number) => Validation.open({ folder, sets: [], every: 5, subject, say }, from);
  // Before the first validation there is nothing to read.
  expect(await open(4)).toBeInstanceOf(Validation);
  expect(await open(5)).toBeInstanceOf(Validation);
  expect(said).toEqual([
    `${join(folder, 'validation.json')} is not there: the best weights are those of the validations from step 5 on`,
  ]);
  await writeFile(join(folder, 'validation.json'), '[{"step":1}]');
  await expect(open(5)).rejects.toThrow('validation.json: is not what a training wrote; resume');
});

test('a part of a set is spread over it', () => {
  expect(spread([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([0, 2, 4]);
  expect(spread([0, 1], 3)).toEqual([0, 1]);
});
