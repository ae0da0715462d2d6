import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { weightsSource } from './source.js';
import { temporaryFolder } from './test-support.js';

test.each([
  ['runs/durn/rain-quick/checkpoint.safetensors', { path: 'runs/durn/rain-quick/checkpoint.safetensors' }],
  ['official.pth', { path: 'official.pth' }],
  ['models/rain', { path: 'models/rain' }],
  ['./weights', { path: './weights' }],
  ['C:\\nets\\rain', { path: 'C:\\nets\\rain' }],
  ['durn-weights', { name: 'durn-weights' }],
  ['durn-weights#rain', { name: 'durn-weights#rain' }],
  ['@someone/durn-weights#rain', { name: '@someone/durn-weights#rain' }],
  ['https://a.example/x.pth', { url: 'https://a.example/x.pth' }],
  ['file:///nets/my%20rain.pth', { path: '/nets/my rain.pth' }],
  [`file:///nets/x.pth#sha256=${'AB'.repeat(32)}`, { path: '/nets/x.pth', sha256: 'ab'.repeat(32) }],
  ['file:x.pth', { path: 'file:x.pth' }],
  [`https://a.example/x.pth#sha256=${'AB'.repeat(32)}`, { url: 'https://a.example/x.pth', sha256: 'ab'.repeat(32) }],
])('%s', (text, source) => {
  expect(weightsSource(text)).toEqual(source);
});

test('a file that exists is the file, whatever it is called; a hash that is none is refused', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, '@a'));
  await writeFile(join(folder, '@a', 'b'), '');
  expect(weightsSource(join(folder, '@a', 'b'))).toEqual({ path: join(folder, '@a', 'b') });
  expect(() => weightsSource('https://a.example/x.pth#sha256=12')).toThrow('"12" is not a SHA-256; give its 64');
});
