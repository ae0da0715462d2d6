import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { float32, UserError } from '@unweather/core-tensor';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { FileCheck, Study } from '../study.js';
import { temporaryFolder } from '../test-support.js';
import { parity } from './command.js';
import { compare, compareSummary, numbersAsSummary } from './compare.js';

const exact = () => ({ relative: 0, absolute: 1e-9 });
const twice: FileCheck = (golden) => {
  const { given, doubled } = z.object({ given: z.number(), doubled: z.number() }).parse(golden);
  return [{ quantity: 'twice', ...compare([['x', doubled]], () => 2 * given, exact) }];
};
const asBeside: FileCheck = async (golden, beside) => {
  const { as } = z.object({ as: z.string() }).parse(golden);
  return twice(await beside(as), beside);
};
const refused: FileCheck = () => {
  throw new UserError('kernel of 5: only one\nof 3 can be checked');
};

async function checked(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const checks = { 'twice.*.json': twice, 'twin.*.json': asBeside, 'refused.json': refused, 'nothing.json': () => [] };
  // A parity run needs nothing else of a paper.
  const paper = { networks: { Net: undefined }, goldens: pathToFileURL(`${folder}/`), checks } as unknown as Study;
  let text = '';
  const passed = await parity(paper, undefined, (line) => {
    text += `${line}\n`;
  });
  const lines = text.trim().split('\n');
  const row = (file: string) =>
    lines
      .filter((line) => line.includes(` ${file} `))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, state, , , quantity, where]) => [state, quantity, where]);
  return { passed, last: lines.at(-1), row };
}

const good = '{"given":2,"doubled":4}';

describe('golden files that cannot be checked', () => {
  test.each([
    ['twice.b.json', '{"given":', /^not JSON \(.+\); replace the file$/],
    ['twice.b.json', '', /^not JSON/],
    ['twice.b.json', '{"given":2}', /^doubled: Invalid input: expected number, received undefined$/],
    ['twice.b.json', '[]', /expected object, received array$/],
    ['twice.b.json', 'null', /expected object, received null$/],
    ['refused.json', '{}', /^kernel of 5: only one of 3 can be checked$/],
    ['nothing.json', '{}', /^it contains nothing to check$/],
    ['twin.b.json', '{"as":"absent.json"}', /absent\.json/],
    [
      'other.json',
      '{"network":"Unknown"}',
      /^no check applies to it: its name matches none, and its network "Unknown" is not/,
    ],
    ['other.json', '[1]', /^no check applies to it: its name matches none, and it names no network$/],
    ['net.json', '{"network":"Net","case":"a","mode":"eval","input":[1,3]}', /^input/],
  ])('%s of %s is a failed row with the reason; the rest is checked', async (file, text, reason) => {
    const { passed, last, row } = await checked({ 'twice.a.json': good, [file]: text, 'twice.z.json': good });
    expect(row(file)).toEqual([['FAILED', 'not checked', expect.stringMatching(reason)]]);
    for (const other of ['twice.a.json', 'twice.z.json']) expect(row(other)).toEqual([['ok', 'twice', 'x']]);
    expect([passed, last]).toEqual([false, '2 passed, 1 failed']);
  });

  test('one alone is a failed row, too', async () => {
    expect(await checked({ 'twice.b.json': '{' })).toMatchObject({ passed: false, last: '0 passed, 1 failed' });
  });
});

test('files are read beside others', async () => {
  expect(await checked({ 'twice.a.json': good, 'twin.a.json': '{"as":"twice.a.json"}' })).toMatchObject({
    passed: true,
    last: '2 passed, 0 failed',
  });
});

test('a folder without a golden file of the paper is an error', async () => {
  await expect(checked({ 'other.json': '{}', 'notes.txt': '' })).rejects.toThrow(
    /no golden file of Net; give a folder/,
  );
});

test('a tensor that is missing, and a list that is too short, deviate', () => {
  const tensor = float32(Float32Array.of(1, 2), [2]);
  const summary = numbersAsSummary([1, 2], tensor);
  expect(compareSummary('x', summary, undefined, exact())).toMatchObject({ share: Infinity, got: 'none' });
  expect(compareSummary('x', summary, tensor, exact()).share).toBe(0);
  expect(compareSummary('x', numbersAsSummary([1], tensor), tensor, exact()).share).toBe(Infinity);
});
