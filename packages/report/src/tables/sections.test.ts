import { type Evaluation, type EvaluationContext, type PublishedResult, summarise } from '@unweather/eval';
import { beforeAll, expect, test } from 'vitest';
import { CONTEXT, measure } from '../test-support.js';
import type { MeasuredRow } from './rows.js';
import { tablesOf } from './sections.js';

let measured: Awaited<ReturnType<typeof measure>>;
beforeAll(async () => {
  measured = await measure();
});

function evaluation(changes: Partial<EvaluationContext> = {}): Evaluation {
  const records = measured.map(({ record }) => record);
  return { ...CONTEXT, ...changes, summary: summarise(records), records, exemplars: [] };
}

function published(changes: Partial<PublishedResult> = {}, paper = 'durn') {
  const common = { task: 'rain', dataset: 'did-mdn', split: 'test', protocol: 'durn-rain' };
  return { paper, result: { ...common, psnr: 33.21, ssim: 0.9251, source: 's', seen: true, ...changes } };
}

const first = (evaluations: Evaluation[], numbers: ReturnType<typeof published>[]) => {
  const tables = tablesOf({ evaluations, published: numbers });
  return { tables, row: tables.sections[0]!.groups[0]!.rows[0] as MeasuredRow };
};

test('a number is held against its paper’s of the same task, split and protocol, and against no other', () => {
  const own = published();
  const { tables, row } = first([evaluation()], [published({ dataset: 'csd' }), own, published({ task: 'haze' })]);
  expect(row.published).toBe(own);
  expect(tables.sections[0]!.groups[0]!.rows).toHaveLength(1);
  expect(tables.unmeasured.map(({ number }) => [number.result.dataset, number.result.task])).toEqual([
    ['csd', 'rain'],
    ['did-mdn', 'haze'],
  ]);
});

test.each([
  ['by another protocol', [published({ protocol: 'matlab' })], {}, 'not compared: published by matlab'],
  ['without a protocol', [published({ protocol: null })], {}, 'not compared: published without a protocol'],
  ['of two numbers', [published(), published({ psnr: 30 })], {}, 'not compared: 2 published numbers'],
  ['on a part of the split', [published()], { expected: 1201 }, 'not compared: 15 of 1201 pictures'],
  ['of another paper', [published({}, 'manas')], {}, ''],
])('nothing is subtracted %s', (_, numbers, changes, reason) => {
  const { tables, row } = first([evaluation(changes)], numbers);
  expect([row.published, row.reason]).toEqual([undefined, reason]);
  const rows = tables.sections[0]!.groups.flatMap((group) => group.rows);
  expect(rows.filter(({ kind }) => kind === 'published')).toHaveLength(numbers.length);
  expect(tables.unmeasured).toEqual([]);
});

test('protocols stand apart, the best network first', () => {
  const other = { protocol: { name: 'matlab', description: 'd' } };
  const better = evaluation({ network: 'better' });
  const [row] = better.summary;
  const summary = [{ ...row!, restored: { ...row!.restored, psnr: { mean: 40, low: 39, high: 41 } } }];
  const { tables } = first([evaluation(), evaluation(other), { ...better, summary }], [published({ protocol: null })]);
  const [section] = tables.sections;
  expect(section!.groups.map(({ protocol }) => protocol?.name)).toEqual(['durn-rain', 'matlab', undefined]);
  const names = section!.groups[0]!.rows.map((row) => row.kind === 'measured' && row.evaluation.network);
  expect(names).toEqual(['better', 'DuRN_S']);
});

test('embedded photographs and a user’s own lists never stand in a benchmark’s table', () => {
  const own = evaluation({ benchmark: false });
  const embedded = evaluation({ dataset: 'embedded', split: 'held-out', benchmark: false });
  const { tables } = first([own, embedded, evaluation()], [published()]);
  expect(tables.sections.map(({ kind, id }) => [kind, id])).toEqual([
    ['benchmark', 'rain-did-mdn-test'],
    ['embedded', 'rain-embedded-held-out-own'],
    ['own', 'rain-did-mdn-test-own'],
  ]);
  expect(tables.sections.map(({ groups }) => (groups[0]!.rows[0] as MeasuredRow).published !== undefined)).toEqual([
    true,
    false,
    false,
  ]);
});

test('a summary without PSNR is refused by the name of its file', () => {
  const good = evaluation();
  const { psnr: _, ...restored } = good.summary.at(-1)!.restored;
  const wrong = { ...good, summary: [{ ...good.summary.at(-1)!, restored }] };
  expect(() => tablesOf({ evaluations: [wrong], published: [] })).toThrow(
    'durn-rain.did-mdn-test.durn-rain.01234567.json: summary: the last row has no psnr or no ssim; evaluate again',
  );
});

test('a number of one condition is held against the pictures of that one', () => {
  const light = published({ condition: 'light' });
  const { tables } = first([evaluation()], [light, published({ condition: 'hail' })]);
  const rows = tables.sections[0]!.groups[0]!.rows;
  const kinds = rows.map((row) => (row.kind === 'measured' ? row.condition : row.number.result.condition));
  expect([...kinds].sort()).toEqual(['all', 'hail', 'light']);
  const row = rows.find((row): row is MeasuredRow => row.kind === 'measured' && row.condition === 'light')!;
  expect(row.published).toBe(light);
  expect(row.means.pictures).toBe(5);
  expect(rows.find((row) => row.kind === 'measured' && row.condition === 'all')).toMatchObject({ reason: '' });
});
