import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { embeddedPairs } from './embedded.js';
import { readRegistry, registryPath, registrySchema } from './registry.js';
import { temporaryFolder } from './test-support.js';

test('datasets.json fits its schema and counts the embedded pairs rightly', async () => {
  const { datasets } = await readRegistry();
  for (const { name, pairs } of datasets.embedded!.splits)
    expect(pairs).toBe((await embeddedPairs(name as 'train' | 'held-out', 'rain')).length);
});

test('every dataset but the embedded one can be prepared; splits and their layouts are registered once', async () => {
  const { datasets } = await readRegistry();
  for (const [dataset, { splits, benchmark }] of Object.entries(datasets)) {
    expect(new Set(splits.map(({ name }) => name)).size, dataset).toBe(splits.length);
    for (const { layouts = [] } of splits) {
      expect(layouts.length > 0, dataset).toBe(benchmark);
      expect(new Set(layouts.map((layout) => JSON.stringify(layout))).size, dataset).toBe(layouts.length);
    }
  }
});

test('the JSON Schema that ships is the one the code makes (else run "npm run schema -w @unweather/datasets")', async () => {
  expect(await readFile(new URL('../datasets.schema.json', import.meta.url), 'utf8')).toBe(registrySchema());
});

test('a registry that does not fit is refused by place', async () => {
  const broken = join(await temporaryFolder(), 'datasets.json');
  const original = await readFile(registryPath(), 'utf8');
  const refused = async (change: (embedded: { pairs: unknown; layouts?: unknown }) => void, message: RegExp) => {
    const json = JSON.parse(original);
    change(json.datasets.embedded.splits[0]);
    await writeFile(broken, JSON.stringify(json));
    await expect(readRegistry(broken)).rejects.toThrow(message);
  };
  await refused((split) => {
    split.pairs = -1;
  }, /datasets\.json: datasets\.embedded\.splits\.0\.pairs: .+; correct the file/);
  await refused((split) => {
    split.layouts = [{ input: '{scene.png', truth: 'gt.png' }];
  }, /splits\.0\.layouts\.0\.input: not a path with \{fields\}; correct the file/);
  await writeFile(broken, '{');
  await expect(readRegistry(broken)).rejects.toThrow(/datasets\.json: not JSON; correct the file/);
});
