import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATASETS_PAGE, datasetsPage } from './datasets-page.js';
import { ROOT } from './workspace.js';

test('the page about datasets says what datasets.json and the papers say', async () => {
  const page = await readFile(join(ROOT, DATASETS_PAGE), 'utf8');
  expect(page, 'npx nx run docs:datasets writes it anew').toBe(await datasetsPage());
});
