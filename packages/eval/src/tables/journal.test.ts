import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../../vitest/folder.js';
import type { EvaluationContext } from './evaluation.js';
import { Journal, readJournal } from './journal.js';

const context: EvaluationContext = {
  ...{
    format: 1,
    paper: 'p',
    title: 'P',
    task: 'rain',
    taskTitle: 'rain',
    network: 'N',
    baseline: false,
    dataset: 'd',
  },
  ...{ split: 'test', benchmark: true, pairs: 3, expected: null, notes: [], metrics: [] },
  ...{ protocol: { name: 'y', description: 'Y.' }, weights: { file: 'w.pth', sha256: 'ab'.repeat(32) } },
  provenance: {
    ...{ date: '2026-12-01T00:00:00.000Z', commit: null, versions: {}, engine: 'none', cpu: 'none', threads: 1 },
    platform: 'none',
  },
};

const record = (picture: string) => {
  const scores = { psnr: 20, ssim: 0.5, ssimJs: 0.5 };
  return { picture, condition: '', scene: picture, key: picture, input: scores, restored: scores };
};

test('every picture is on the disk before the next one is scored; a line cut short is left out', async () => {
  const path = join(await temporaryFolder(), 'a.jsonl');
  const probe = await open(path, 'w');
  const synced = vi.spyOn(Object.getPrototypeOf(probe) as typeof probe, 'datasync');
  await probe.close();
  const journal = await Journal.begin(path, context, null, [record('a')]);
  for (const [i, picture] of ['b', 'c'].entries()) {
    await journal.add(record(picture));
    const results = synced.mock.settledResults;
    expect([results.length, results.at(-1)?.type]).toEqual([i + 1, 'fulfilled']);
  }
  await journal.close();
  synced.mockRestore();
  const names = async () => (await readJournal(path))!.records.map(({ picture }) => picture);
  expect(await names()).toEqual(['a', 'b', 'c']);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.slice(0, -5));
  expect(await names()).toEqual(['a', 'b']);
});
