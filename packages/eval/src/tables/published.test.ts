import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readPublished } from './published.js';

test('a file of published numbers that is missing or wrong is named with its first wrong entry', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'unweather-')), 'published.json');
  const read = () => readPublished(pathToFileURL(path));
  expect(read).toThrow(`${path}: cannot be read (no such file or folder); give a published.json`);
  await writeFile(path, '[');
  expect(read).toThrow(`${path}: not JSON; give a published.json`);
  const entry = { task: 't', dataset: 'd', split: '', protocol: null, psnr: 30, ssim: 0.9, source: 's', seen: true };
  await writeFile(path, JSON.stringify([entry, { ...entry, ssim: 90 }]));
  expect(read).toThrow(/published\.json: entry 1 ssim: .*; fix the file/);
  await writeFile(path, JSON.stringify([entry]));
  expect(read()).toEqual([entry]);
});
