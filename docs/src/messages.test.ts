import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeSpans, pages } from './pages.js';
import { projects, ROOT } from './workspace.js';

/** The sources of every package, without their tests. */
async function sources(): Promise<string[]> {
  const folders = (await projects()).filter(({ folder }) => folder.startsWith('packages/')).map(({ folder }) => folder);
  const files = await Promise.all(
    folders.map(async (folder) => {
      const all = await readdir(join(ROOT, folder, 'src'), { recursive: true });
      return all.filter((file) => /(?<!\.test)\.ts$/.test(file)).map((file) => join(ROOT, folder, 'src', file));
    }),
  );
  return Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
}

test('every message that the page about checkpoints explains is one that a package gives', async () => {
  const page = (await pages()).find(({ file }) => file === 'docs/import-official-checkpoints.md')!;
  const at = page.tokens.findIndex(({ type, content }) => type === 'inline' && content === 'When it is refused');
  const rows = page.tokens
    .slice(at)
    .filter((_, i, rest) => rest[i - 1]?.type === 'td_open' && rest[i - 2]?.type === 'tr_open');
  const messages = codeSpans(rows);
  const texts = await sources();
  // Each "…" stands for text that differs from file to file.
  const unknown = messages.filter((message) => {
    const parts = message.split('…').map((part) => part.trim());
    return !texts.some((text) => parts.every((part) => text.includes(part)));
  });
  expect(unknown).toEqual([]);
  expect(messages.length).toBeGreaterThan(10);
});
