import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import { expect, test } from 'vitest';
import { type Page, pages } from './pages.js';
import { existsInside, ROOT } from './workspace.js';

/** Targets of a page's links and pictures. */
function targetsOf({ tokens }: Page): string[] {
  return tokens
    .flatMap(({ children }) => children ?? [])
    .flatMap((token) => [token.attrGet('href'), token.attrGet('src')])
    .filter((target) => target !== null);
}

/** Anchors of a page's headings, in GitHub's form. */
function anchorsOf({ tokens }: Page): string[] {
  const slugger = new GithubSlugger();
  const headings = tokens.filter((_, i) => tokens[i - 1]?.type === 'heading_open');
  return headings.map(({ children }) => slugger.slug((children ?? []).map(({ content }) => content).join('')));
}

test('every link to a file of the repository, and to a heading, leads somewhere', async () => {
  const all = await pages();
  const broken: string[] = [];
  let count = 0;
  for (const page of all)
    for (const target of targetsOf(page)) {
      if (/^[a-z]+:/.test(target)) continue;
      count++;
      const [path = '', anchor] = decodeURI(target).split('#');
      const file = path === '' ? page.file : join(page.file, '..', path);
      const there = all.find((one) => one.file === file || join(one.file, '..') === file);
      if (!(await existsInside(file))) broken.push(`${page.file}: ${target}`);
      else if (page.file.startsWith('packages/') && (await stat(join(ROOT, file))).isDirectory())
        broken.push(`${page.file}: ${target} (a folder: the API reference takes only files along)`);
      else if (anchor !== undefined && there !== undefined && !anchorsOf(there).includes(anchor))
        broken.push(`${page.file}: ${target} (no such heading)`);
    }
  expect(broken).toEqual([]);
  expect(count).toBeGreaterThan(20);
});
