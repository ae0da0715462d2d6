import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Reporter } from '../reporter.js';
import { readSweep } from './plan.js';
import { sweep } from './sweep.js';

let folder: string;
const at = (name: string) => join(folder, name);
const KNOWN = ['task', 'seed', 'set', 'steps', 'recipe', 'teacher'];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unweather-sweep-'));
  return () => rm(folder, { recursive: true });
});

async function listed(list: object | string) {
  await writeFile(at('list.json'), typeof list === 'string' ? list : JSON.stringify(list));
  return readSweep(at('list.json'), KNOWN);
}

test('runs are named, and each takes every point of the grid', async () => {
  const runs = await listed({
    options: { task: 'rain', set: { loss: 'ssim', crop: 48 } },
    runs: { plain: {}, late: { task: false, set: { loss: { name: 'l1' } }, teacher: 't.safetensors' } },
    grid: { 'set.learningRate': [0.001, 1e-4], seed: [7] },
  });
  expect(runs.map(({ name }) => name)).toEqual([
    'plain learningRate=0.001 seed=7',
    'plain learningRate=0.0001 seed=7',
    'late learningRate=0.001 seed=7',
    'late learningRate=0.0001 seed=7',
  ]);
  expect(runs[0]!.options).toEqual([
    { name: 'task', values: ['rain'] },
    { name: 'seed', values: ['7'] },
    { name: 'set', values: ['loss=ssim', 'crop=48', 'learningRate=0.001'] },
  ]);
  expect(runs[3]!.options).toEqual([
    { name: 'teacher', values: ['t.safetensors'] },
    { name: 'seed', values: ['7'] },
    { name: 'set', values: ['loss={"name":"l1"}', 'crop=48', 'learningRate=0.0001'] },
  ]);
});

test.each([
  ['{', /list\.json: not JSON \(.+\); give the list of a sweep$/],
  [{ run: {} }, /list\.json: Unrecognized key: "run"; correct the file$/],
  [{ grid: { seed: [] } }, /list\.json: grid\.seed: .+; correct the file$/],
  [{}, 'list.json: names no runs; give "runs", "grid", or both'],
  [{ runs: { a: { sed: 1 } } }, 'list.json: there is no option "sed" of run "a"; did you mean "seed"?'],
  [
    { runs: { a: { seed: null } } },
    'list.json: option "seed" of run "a": give a text, a number, true, or a list of texts',
  ],
  [{ runs: { 'a/b': {}, 'a b': {} } }, 'list.json: two runs would take the folder "a-b"; give them other names'],
])('a list is refused with its reason: %j', async (list, message) => {
  await expect(listed(list)).rejects.toThrow(message);
});

test('a list that is not there is named', async () => {
  await expect(readSweep(at('none.json'), KNOWN)).rejects.toThrow(/none\.json: .+; give the list of a sweep/);
});

/** A program whose training scores as its seed says, notes its arguments, and fails for seed 13. */
const PROGRAM = `
import { appendFileSync, writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
const of = (name) => args[args.indexOf(name) + 1];
appendFileSync(of('--out') + '/../calls.txt', args.join(' ') + '\\n');
const say = (event, fields) => console.log(JSON.stringify({ event, ...fields }));
writeFileSync(of('--out') + '/checkpoint.safetensors', '');
if (of('--seed') === '13') { console.error('error: the loss is no number'); process.exit(1); }
if (of('--seed') === '99') { say('message', { text: 'waits' }); process.on('SIGINT', () => process.exit(130)); setInterval(() => {}, 1000); await new Promise(() => {}); }
const record = (i) => ({
  picture: 'p' + i, condition: '', scene: 's' + i, key: 'k', paper: 'x', network: 'n', dataset: 'embedded', split: 'held-out',
  protocol: 'basicsr', weights: 'w', engine: 'e', origin: 'measured here',
  input: { psnr: 20, ssim: 0.5, ssimJs: 0.5 },
  restored: { psnr: 20 + i + Number(args.includes('--resume') ? 0 : of('--seed')), ssim: 0.9, ssimJs: 0.9 },
});
say('result', { data: [record(0), record(1)] });
`;

const ear = () => {
  const said: string[] = [];
  const reporter: Reporter = {
    say: (text) => said.push(text),
    wrote: () => undefined,
    result: (text) => said.push(text),
    ...{ step: () => undefined, picture: () => undefined, download: () => undefined, pause: () => undefined },
  };
  return { said, reporter };
};

async function swept(seeds: readonly number[], out = 'out', signal = new AbortController().signal) {
  await writeFile(at('program.mjs'), PROGRAM);
  const runs = await listed({ grid: { seed: seeds }, options: { steps: 3 } });
  const { said, reporter } = ear();
  const options = { runs, out: at(out), program: at('program.mjs') };
  return { said, run: (more = {}) => sweep({ ...options, ...more }, reporter, signal) };
}

test('runs are trained once each, and compared picture by picture', async () => {
  const first = await swept([1, 4]);
  expect(await first.run()).toBe(true);
  expect(first.said.at(-1)).toContain('| seed=1 |        2 | 21.50 | 21.00 to 22.00 | 0.9000 |');
  expect(first.said.at(-1)).toContain(
    '| seed=4 |        2 | 24.50 | 24.00 to 25.00 | 0.9000 |             +3.00 | +3.00 to +3.00 |',
  );
  const calls = await readFile(at('out/calls.txt'), 'utf8');
  expect(calls.split('\n')[0]).toBe(`train --steps 3 --seed 1 --out ${at('out/seed=1')} --log jsonl`);
  const again = await swept([1, 4]);
  expect(await again.run()).toBe(true);
  expect(again.said.slice(0, 2)).toEqual([
    'run 1 of 2, seed=1: finished before',
    'run 2 of 2, seed=4: finished before',
  ]);
  expect(await readFile(at('out/calls.txt'), 'utf8')).toBe(calls);
  expect((await readFile(at('out/sweep.csv'), 'utf8')).split('\n')).toHaveLength(4);
});

test('shards share the runs; the last one writes the whole table', async () => {
  const { said, run } = await swept([1, 2, 3]);
  await run({ shard: { index: 2, of: 2 } });
  expect(said.at(-1)).toContain('Not finished: seed=1, seed=3.');
  await run({ shard: { index: 1, of: 2 } });
  expect(said.at(-1)).not.toContain('Not finished');
  expect((await readdir(at('out'))).sort()).toEqual(
    ['calls.txt', 'seed=1', 'seed=2', 'seed=3', 'sweep.csv', 'sweep.json', 'sweep.md'].sort(),
  );
});

test('a run that fails is named, the others go on, and its checkpoint is taken up again', async () => {
  const { said, run } = await swept([13, 2]);
  await expect(run()).rejects.toThrow('1 of 2 runs failed: seed=13 (the loss is no number)');
  expect(said.at(-1)).toContain('Not finished: seed=13.');
  expect(await run()).toBe(true);
  expect((await readFile(at('out/calls.txt'), 'utf8')).trim().split('\n').at(-1)).toBe(
    `train --out ${at('out/seed=13')} --resume --log jsonl`,
  );
});

test('a folder with a run of other options is not taken over, one with a damaged note neither', async () => {
  await (await swept([1])).run();
  const runs = [{ name: 'seed=1', options: [{ name: 'seed', values: ['2'] }] }];
  const { run } = await swept([1]);
  await expect(run({ runs })).rejects.toThrow('holds a run with other options; choose another --out, or delete');
  await writeFile(at('out/seed=1/sweep-run.json'), '{"format":1');
  await expect(run()).rejects.toThrow('sweep-run.json: damaged, or of another version; delete the folder to train');
});

test('a stop ends the training that runs and begins no other', async () => {
  const stopping = new AbortController();
  const { said, run } = await swept([99, 1], 'out', stopping.signal);
  const running = run();
  await expect.poll(() => said, { timeout: 300_000 }).toContain('waits');
  stopping.abort();
  expect(await running).toBe(false);
  expect(said.at(-1)).toBe('stopped; run the same command again to go on');
  expect(await readdir(at('out'))).not.toContain('seed=1');
});
