import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { temporaryFolder } from '@unweather/testing';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unweather, writePhoto } from '../test-support.js';

let place: string;
const compare = (...args: string[]) => unweather(['compare', ...args], place);
beforeAll(async () => {
  place = await temporaryFolder();
  for (const name of ['<rainy> & "b".png', 'clean.png', 'truth.png']) await writePhoto(join(place, name), 96);
  await sharp(join(place, 'truth.png')).blur(2).toFile(join(place, 'soft.png'));
  await writePhoto(join(place, 'small.png'), 48);
});

test('a sheet shows each picture as it is', async () => {
  expect(await compare('soft.png', 'clean.png', 'truth.png', '-o', 'sheet.png')).toEqual({
    status: 0,
    stdout: 'wrote sheet.png\n',
    stderr: '',
  });
  const sheet = sharp(join(place, 'sheet.png'));
  const { width, height } = await sheet.metadata();
  expect(width).toBeGreaterThan(3 * 96);
  expect(height).toBeGreaterThan(96);
  const cut = await sheet.extract({ left: 12, top: 34, width: 96, height: 96 }).removeAlpha().raw().toBuffer();
  const soft = await sharp(join(place, 'soft.png')).raw().toBuffer();
  expect(cut.equals(soft)).toBe(true);
});

test('what cannot be compared is told', async () => {
  const told = async (args: string[], status: number, message: string) =>
    expect(await compare(...args)).toEqual({ status, stdout: '', stderr: `error: ${message}\n` });
  const ending = 'page.pdf: the name must end in .html (a page with a slider) or .png (a sheet)';
  await told(['soft.png', 'clean.png', '-o', 'page.pdf'], 2, ending);
  const standard = 'a comparison is not written to standard output; give a file that ends in .html or .png';
  await told(['soft.png', 'clean.png', '-o', '-'], 2, standard);
  const twice = 'standard input holds one picture; give the others as files';
  await told(['-', '-', '-o', 'page.html'], 2, twice);
  const sizes = 'small.png: is 48×48, soft.png is 96×96; compare pictures of one size';
  await told(['soft.png', 'small.png', '-o', 'page.html'], 1, sizes);
  const missing = 'none.png: cannot be read (no such file or folder); check the path';
  await told(['soft.png', 'none.png', '-o', 'page.html'], 1, missing);
  const place = 'clean.png/page.html: cannot be written (a file with that name is in the way)';
  expect((await compare('soft.png', 'clean.png', '-o', 'clean.png/page.html')).stderr).toContain(place);
});

test('- is standard input, in any place', async () => {
  const bin = fileURLToPath(new URL('../../bin/unweather.js', import.meta.url));
  const piped = async (input: string, ...args: string[]) => {
    const child = execFile(process.execPath, [bin, 'compare', ...args], { cwd: place });
    child.stdin!.end(await readFile(join(place, input)));
    return new Promise((resolve) => {
      child.on('close', resolve);
    });
  };
  expect((await compare('soft.png', 'clean.png', 'truth.png', '-o', 'files.png')).status).toBe(0);
  expect(await piped('clean.png', 'soft.png', '-', 'truth.png', '-o', 'piped.png')).toBe(0);
  expect((await readFile(join(place, 'piped.png'))).equals(await readFile(join(place, 'files.png')))).toBe(true);
  expect(await piped('small.png', 'soft.png', '-', '-o', 'piped.html')).toBe(1);
});

/** Skipped only by hand, where no browser can run; otherwise a missing browser fails the tests. */
describe.skipIf(process.env.WITHOUT_BROWSER === '1')('the page, in a browser', { tags: 'whole' }, () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-dev-shm-usage'];
    browser = await chromium.launch({ executablePath: process.env.CHROME_PATH!, args, timeout: 600_000 });
  });
  afterAll(() => browser.close());

  test.each(['light', 'dark'] as const)(
    'is one file that asks for nothing; its slider takes keys (%s)',
    async (theme) => {
      expect((await compare('<rainy> & "b".png', 'soft.png', 'truth.png', '-o', 'page.html')).status).toBe(0);
      const page = await browser.newPage({ colorScheme: theme, viewport: { width: 390, height: 844 } });
      page.setDefaultTimeout(600_000);
      const troubles: string[] = [];
      const url = pathToFileURL(join(place, 'page.html')).href;
      page.on('console', (message) => troubles.push(message.text()));
      page.on('pageerror', (error) => troubles.push(String(error)));
      page.on('request', (request) => {
        if (request.url() !== url && !request.url().startsWith('data:')) troubles.push(request.url());
      });
      await page.goto(url);
      expect(await page.locator('h1').textContent()).toBe('<rainy> & "b".png and soft.png');
      expect(await page.locator('footer p').first().textContent()).toMatch(
        /^before: PSNR inf dB, SSIM 1\.0000\. after: PSNR \d\d\.\d\d dB, SSIM 0\.\d{4}\. By the protocol basicsr/,
      );
      const clip = () =>
        page.evaluate<string>('getComputedStyle(document.querySelector(".uncover img + img")).clipPath');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Home');
      expect(await clip()).toBe('inset(0px 0px 0px 0%)');
      await page.keyboard.press('ArrowRight');
      expect(await clip()).toBe('inset(0px 0px 0px 1%)');
      const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(theme === 'light' ? 'rgb(252, 251, 248)' : 'rgb(20, 23, 26)');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      expect(troubles).toEqual([]);
      await page.close();
    },
  );
});
