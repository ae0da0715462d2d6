import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { preparedSplits, writePrepared } from './sidecar.js';

const info = { root: '/data', pairs: 1, expected: null, leftOut: [], notes: ['n'], files: { a: 'f'.repeat(64) } };

test('prepared splits are listed by dataset and name', async () => {
  const out = await temporaryFolder();
  for (const [dataset, split] of [
    ['b', 'test'],
    ['a', 'train'],
    ['a', 'test'],
  ] as const)
    await writePrepared(out, { ...info, dataset, split }, [['gt.png', 'in.png']]);
  await writeFile(join(out, 'a', 'mine.json'), '[]');
  expect((await preparedSplits(out)).map(({ dataset, split }) => `${dataset} ${split}`)).toEqual([
    'a test',
    'a train',
    'b test',
  ]);
  expect((await preparedSplits(out))[0]).toEqual({
    dataset: 'a',
    split: 'test',
    meta: join(out, 'a/test.json'),
    root: '/data',
    pairs: 1,
    expected: null,
    partial: false,
    notes: ['n'],
  });
});

test('a folder that does not exist has none', async () => {
  expect(await preparedSplits('/nowhere/meta')).toEqual([]);
});

test.each([
  ['{', /a\/test\.info\.json: not JSON; prepare the split again/],
  ['{"format":2}', /a\/test\.info\.json: format: .+; prepare the split again/],
])('a broken sidecar is named: %s', async (text, message) => {
  const out = await temporaryFolder();
  await mkdir(join(out, 'a'));
  await writeFile(join(out, 'a', 'test.info.json'), text);
  await expect(preparedSplits(out)).rejects.toThrow(message);
});
