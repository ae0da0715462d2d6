import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { keepSummaries, renewedReadme, renewReadme } from './readme.js';
import { CONTEXT, measure, ROOT, temporaryFolder, writeSample } from './test-support.js';

test('the README at the top shows what the repository keeps', async () => {
  const { before, after } = await renewedReadme(join(ROOT, 'README.md'));
  expect(before === after, 'README.md is stale: run "npx nx run report:readme" and commit it').toBe(true);
});

describe('a README', () => {
  const MARKED = 'above\n<!-- results:begin -->\nold\n<!-- results:end -->\nbelow\n';
  let readme: string;
  beforeEach(async () => {
    const root = await temporaryFolder();
    readme = join(root, 'README.md');
    await mkdir(join(root, 'benchmarks/results'), { recursive: true });
    await writeFile(readme, MARKED);
  });

  test('shows the means that are kept, which name nothing of the machine', async () => {
    const results = await temporaryFolder();
    const file = join(readme, '../runs/checkpoint.safetensors');
    const measured = await measure();
    await writeSample(results, measured, { weights: { ...CONTEXT.weights, file }, expected: 15 });
    const elsewhere = { dataset: join(results, 'mine.json'), split: '', benchmark: false };
    await writeSample(results, measured, elsewhere);
    await keepSummaries(results, readme);
    const kept = await readdir(join(readme, '../benchmarks/results'));
    expect(kept).toEqual(['durn-rain.did-mdn-test.durn-rain.01234567.json', 'durn-rain.mine.durn-rain.01234567.json']);
    const texts = await Promise.all(kept.map((name) => readFile(join(readme, '../benchmarks/results', name), 'utf8')));
    expect(texts.join()).not.toContain(results);
    const { weights, records, exemplars } = JSON.parse(texts[0]!);
    expect([weights.file, records, exemplars]).toEqual(['runs/checkpoint.safetensors', [], []]);

    expect(await renewReadme(readme)).toBe(true);
    expect(await renewReadme(readme)).toBe(false);
    const text = await readFile(readme, 'utf8');
    expect(text).toMatch(/^above\n<!-- results:begin -->\n\n[\s\S]*\n\n<!-- results:end -->\nbelow\n$/);
    expect(text).toContain('### rain streaks, did-mdn, test');
    expect(text).toContain('### A user’s own list, no benchmark: rain streaks, mine.json');
    expect(text).toMatch(/\| DuRN_S \(durn\), weights `01234567` \|\s+15 \|\s+19\.\d\d \|\s+22\.\d\d \|/);
  });

  test('says so where nothing was measured', async () => {
    await renewReadme(readme);
    expect(await readFile(readme, 'utf8')).toContain('Nothing has been measured yet.');
  });

  test.each([
    ['nothing', 'has "<!-- results:begin -->" 0 times, expected once; put one line "<!-- results:begin -->" there'],
    [`${MARKED}<!-- results:end -->`, 'has "<!-- results:end -->" 2 times, expected once'],
    ['<!-- results:end --><!-- results:begin -->', '"<!-- results:end -->" stands before "<!-- results:begin -->"'],
  ])('whose markers are wrong stays as it was: %j', async (text, message) => {
    await writeFile(readme, text);
    await expect(renewReadme(readme)).rejects.toThrow(message);
    expect(await readFile(readme, 'utf8')).toBe(text);
  });

  test('that is missing is named', async () => {
    await expect(renewReadme(`${readme}x`)).rejects.toThrow(/README\.mdx: cannot be read \(no such file/);
  });

  test('takes no means from an empty folder', async () => {
    await expect(keepSummaries(await temporaryFolder(), readme)).rejects.toThrow('contains no evaluation');
  });
});
