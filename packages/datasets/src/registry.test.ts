import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { embeddedPairs } from './embedded.js';
import { readRegistry, registrySchema } from './registry.js';
import { temporaryFolder } from './test-support.js';

const path = fileURLToPath(new URL('../../../datasets.json', import.meta.url));

test('datasets.json fits its schema and counts the embedded pairs rightly', async () => {
  const { datasets } = await readRegistry(path);
  for (const { name, pairs } of datasets.embedded!.splits)
    expect(pairs).toBe((await embeddedPairs(name as 'train' | 'held-out', 'rain')).length);
});

test('the JSON Schema that ships is the one the code makes (else run "npm run schema -w @unweather/datasets")', async () => {
  expect(await readFile(new URL('../datasets.schema.json', import.meta.url), 'utf8')).toBe(registrySchema());
});

test('a registry that does not fit is refused by place', async () => {
  const broken = join(await temporaryFolder(), 'datasets.json');
  const json = JSON.parse(await readFile(path, 'utf8'));
  json.datasets.embedded.splits[0].pairs = -1;
  await writeFile(broken, JSON.stringify(json));
  await expect(readRegistry(broken)).rejects.toThrow(
    /datasets\.json: datasets\.embedded\.splits\.0\.pairs: .+; correct the file/,
  );
  await writeFile(broken, '{');
  await expect(readRegistry(broken)).rejects.toThrow(/datasets\.json: not JSON; correct the file/);
});
