import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenedEngine } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import type { Reporter } from '../reporter.js';
import { temporaryFolder } from '../test-support.js';
import { type Recorder, recorded } from './record.js';

const engine = { description: 'none', threads: 1 } as OpenedEngine;
const nothing = () => undefined;

function listener(): Reporter & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    ...{ lines, say: (line) => void lines.push(line), step: nothing, picture: nothing, download: nothing },
    ...{ wrote: nothing, result: nothing, pause: nothing },
  };
}

/** Reports steps of a part, and a validation after every fifth. */
async function steps(recorder: Recorder, part: string, from: number, to: number, total = 20) {
  await recorder.stage!({ part, stage: 'one', network: 'Net', from, to: total, total });
  for (let step = from + 1; step <= to; step++) {
    const loss = { total: 1 / step, l1: 0.5 / step };
    recorder.step({ part, stage: 'one', step, epoch: 0, learningRate: 1e-3, loss, psnr: 20 + step, size: 4 }, total);
    const sets = [{ set: 'a <set>', pictures: 1, psnrIn: 20, psnr: 21, ssim: 0.9 }];
    if (step % 5 === 0) recorder.validation!({ part, step, sets, best: true });
  }
}

async function eventsIn(out: string) {
  const lines = (await readFile(join(out, 'log.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { event: string; part?: string; step?: number; time: string });
}

const open = (recorder: Recorder, out: string, resumed = false) =>
  recorder.open({ out, recipe: { name: 'mine' }, resumed, engine });

test('a killed run leaves a log that the next part repairs and goes on with, each step once', async () => {
  const out = await temporaryFolder();
  await recorded(listener(), async (recorder) => {
    recorder.say('before the folder is known');
    await open(recorder, out);
    await steps(recorder, 'teacher', 0, 20);
    await steps(recorder, 'student', 0, 13);
  });
  await appendFile(join(out, 'log.jsonl'), '{"event":"step","part":"student","st');
  const reporter = listener();
  await recorded(reporter, async (recorder) => {
    await open(recorder, out, true);
    await steps(recorder, 'student', 10, 12);
    // The run diverges and goes back.
    await steps(recorder, 'student', 11, 20);
  });
  expect(reporter.lines).toEqual([`${join(out, 'log.jsonl')}: a line was cut short; dropped`]);
  const events = await eventsIn(out);
  const of = (name: string, wanted: string) =>
    events.filter(({ event, part }) => event === name && part === wanted).map(({ step }) => step);
  const all = Array.from({ length: 20 }, (_, i) => i + 1);
  expect([of('step', 'teacher'), of('step', 'student')]).toEqual([all, all]);
  expect([of('validation', 'teacher'), of('validation', 'student')]).toEqual([
    [5, 10, 15, 20],
    [5, 10, 15, 20],
  ]);
  expect(events[0]).toMatchObject({ event: 'message', text: 'before the folder is known' });
  expect(events.filter(({ event }) => event === 'environment')).toHaveLength(2);
  for (const { time } of events) expect(new Date(time).toISOString()).toBe(time);

  const svg = await readFile(join(out, 'curve.svg'), 'utf8');
  for (const text of ['loss', 'total', 'l1', 'learning rate', 'validation: SSIM', 'a &#60;set&#62;', 'student'])
    expect(svg, text).toContain(`>${text}<`);
  expect(svg.match(/<path [^>]*stroke="#1f6fb2"/g)?.length).toBeGreaterThanOrEqual(5);
  expect(JSON.parse(await readFile(join(out, 'recipe.json'), 'utf8'))).toEqual({ name: 'mine' });
  expect(JSON.parse(await readFile(join(out, 'environment.json'), 'utf8'))).toMatchObject({
    ...{ engine: 'none', threads: 1, versions: { node: process.versions.node } },
  });
  // TensorBoard shows each part as a run; each process has written a file of its own.
  expect([(await readdir(join(out, 'teacher'))).length, (await readdir(join(out, 'student'))).length]).toEqual([1, 2]);

  // A run that begins anew keeps the earlier log under another name.
  await recorded(listener(), (recorder) => open(recorder, out));
  expect((await eventsIn(out)).map(({ event }) => event)).toEqual(['environment']);
  expect(await readdir(out)).toContain('previous-log.jsonl');
});

test('a training that fails before its folder is opened leaves nothing; later, the log tells why', async () => {
  const out = await temporaryFolder();
  const failing = (opened: boolean) =>
    recorded(listener(), async (recorder) => {
      recorder.say('hello');
      if (opened) await open(recorder, out);
      throw new Error('broken');
    });
  await expect(failing(false)).rejects.toThrow('broken');
  expect(await readdir(out)).toEqual([]);
  await expect(failing(true)).rejects.toThrow('broken');
  expect((await eventsIn(out)).at(-1)).toMatchObject({ event: 'error', message: 'broken' });
});

test('a log that cannot be written is named', async () => {
  const out = await temporaryFolder();
  await mkdir(join(out, 'log.jsonl'));
  await expect(recorded(listener(), (recorder) => open(recorder, out, true))).rejects.toThrow(/log\.jsonl: /);
});
