import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSources } from '../sources.js';
import { measure, ROOT, temporaryFolder, writeSample } from '../test-support.js';
import { reportPage } from './page.js';
import { writeReport } from './write.js';

const EVIL = `<img src="https://example.org/x.png" onerror="alert(1)">'"&amp;`;
const PHONE = { width: 390, height: 844 };

let browser: Browser | undefined;
let file: string;
let results: string;

/** True if set by hand, where no browser can run; otherwise a missing browser fails the tests. */
const withoutBrowser = process.env.WITHOUT_BROWSER === '1';

beforeAll(async () => {
  if (!withoutBrowser) {
    const args = ['--no-sandbox', '--disable-dev-shm-usage'];
    browser = await chromium.launch({ executablePath: process.env.CHROME_PATH!, args, timeout: 600_000 });
  }
  results = await temporaryFolder();
  file = join(results, 'report.html');
  const measured = await measure();
  await writeSample(results, measured);
  const weights = { file: EVIL, sha256: 'fedcba98'.repeat(8) };
  const other = { paper: 'manas', network: EVIL, title: EVIL, notes: [EVIL], weights, pairs: 6 };
  await writeSample(results, measured.slice(0, 6), other);
  await writeSample(results, measured, { dataset: 'embedded', split: 'held-out', benchmark: false, network: 'DuRN_S' });
  const published = [join(ROOT, 'packages/durn/published.json'), join(ROOT, 'packages/multiweather/published.json')];
  await writeReport(file, { results, published });
});

afterAll(async () => {
  await browser?.close();
});

describe.skipIf(withoutBrowser)('in a browser', () => {
  let page: Page;
  let troubles: string[];
  beforeEach(async () => {
    page = await browser!.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page.setDefaultTimeout(600_000);
    troubles = [];
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (url !== pathToFileURL(file).href && !url.startsWith('data:')) troubles.push(`asked for ${url}`);
    });
    await page.goto(pathToFileURL(file).href);
    return async () => {
      expect(troubles).toEqual([]);
      await page.close();
    };
  });

  test('a slider uncovers the input, by the pointer and by the keys', async () => {
    const slider = page.locator('.uncover').first();
    const clip = () => page.evaluate<string>('getComputedStyle(document.querySelector(".uncover img + img")).clipPath');
    expect(await clip()).toBe('inset(0px 0px 0px 50%)');
    await slider.scrollIntoViewIfNeeded();
    const box = (await slider.boundingBox())!;
    const middle = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width / 2, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.2, middle, { steps: 4 });
    await page.mouse.up();
    const [, dragged] = /(\d+)%\)$/.exec(await clip())!;
    expect(Math.abs(Number(dragged) - 20)).toBeLessThanOrEqual(2);
    await slider.locator('input').press('ArrowRight');
    expect(await clip()).toBe(`inset(0px 0px 0px ${Number(dragged) + 1}%)`);
    await slider.locator('input').press('Home');
    expect(await clip()).toBe('inset(0px 0px 0px 0%)');
  });

  test('a column sorts both ways, by the pointer and by the keys, and says so', async () => {
    const table = page.locator('#rain-did-mdn-test-table');
    const header = table.locator('thead th', { hasText: 'SSIM' }).first();
    const scoreOf = '(row) => Number(row.cells[2].dataset.value)';
    const rows = `document.querySelectorAll("#rain-did-mdn-test-table tbody tr:not(.protocol)")`;
    const column = () => page.evaluate<number[]>(`[...${rows}].map(${scoreOf})`);
    const scores = await column();
    expect(new Set(scores).size).toBe(2);
    const sorted = [...scores].sort((a, b) => a - b);
    await header.locator('button').click();
    expect([await column(), await header.getAttribute('aria-sort')]).toEqual([[...sorted].reverse(), 'descending']);
    await header.locator('button').press('Enter');
    expect([await column(), await header.getAttribute('aria-sort')]).toEqual([sorted, 'ascending']);
    const network = table.locator('thead th').first();
    await network.locator('button').click();
    expect([await header.getAttribute('aria-sort'), await network.getAttribute('aria-sort')]).toEqual([
      null,
      'ascending',
    ]);
    // The protocol stays above its rows.
    expect(await table.locator('tbody tr').first().getAttribute('class')).toBe('protocol');
  });

  test('the theme is the system’s until another is chosen', async () => {
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await paper();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.locator('label', { hasText: 'light' }).click();
    expect(await paper()).toBe(light);
    await page.locator('#theme-light').press('ArrowRight');
    expect(await paper()).toBe(dark);
  });

  test('nothing is wider than a phone, and every picture is there', async () => {
    await page.setViewportSize(PHONE);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width);
    const widths = await page.evaluate<number[]>('[...document.images].map((image) => image.naturalWidth)');
    expect(widths).toEqual(Array(3 * 3 * 4).fill(192));
    expect(await page.locator('.charts svg').count()).toBe(9);
  });

  test('words from files stay words', async () => {
    expect(await page.locator('img[onerror]').count()).toBe(0);
    const link = page.locator('#rain-did-mdn-test-table tbody th[scope=row] a').last();
    expect(await link.textContent()).toBe(EVIL);
    expect(await page.locator('.evaluation .note', { hasText: 'onerror' }).textContent()).toBe(EVIL);
  });

  test('the policy forbids every request and every other script', async () => {
    const asked = page.waitForEvent('console', (message) => message.text().includes('Content Security Policy'));
    const script =
      'document.body.append(Object.assign(document.createElement("script"), { text: "document.title = 1" }))';
    await page.evaluate(`${script}; fetch("https://example.org/").catch(() => undefined)`);
    await asked;
    expect(await page.title()).toBe('Restoration, measured');
    expect(
      troubles.splice(0).every((text) => text.includes('Content Security Policy') || text.startsWith('asked')),
    ).toBe(true);
  });
});

test('what is no benchmark is labelled, what was not measured is grey and says so', async () => {
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(/<h2 id="rain-embedded-held-out-own-title">[^<]*<\/h2>\s*<p class="warning">Not a benchmark/);
  expect(text.match(/<tr class="published">/g)).toHaveLength(12 + 9);
  expect(text).toContain('not measured here');
});

test('other metrics stand beside PSNR and SSIM, with what is better', async () => {
  const [evaluation] = (await readSources({ results, published: [] })).evaluations;
  const { mean } = evaluation!.summary.at(-1)!.restored.mae!;
  const text = await readFile(file, 'utf8');
  expect(text).toContain('<button type="button">mae ↓</button>');
  expect(text).toContain(`data-value="${mean}">${mean.toFixed(1)} <small>`);
  expect(text).toContain('mean absolute error in levels; lower is better');
});

test('where only the means were kept, the page says that there is nothing to draw', async () => {
  const { evaluations } = await readSources({ results, published: [] });
  const kept = evaluations.map((evaluation) => ({ ...evaluation, records: [], exemplars: [] }));
  const text = await reportPage(results, { evaluations: kept, published: [] });
  expect(text).toContain('Only the means were kept');
  expect(text).toContain('No pictures were kept');
  expect(text).not.toContain('<svg');
});

test('an infinite score is left out of the drawing, and that is said', async () => {
  const { evaluations } = await readSources({ results, published: [] });
  const [evaluation] = evaluations;
  const records = evaluation!.records.map((record, i) =>
    i === 0 ? { ...record, restored: { ...record.restored, psnr: Number.POSITIVE_INFINITY } } : record,
  );
  const text = await reportPage(results, { evaluations: [{ ...evaluation!, records }], published: [] });
  expect(text).toContain('1 infinite score is not drawn');
});
