import { mkdtemp, readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  cut,
  initialState,
  type Picture,
  Restorer,
  readPicture,
  type State,
  toBytes,
  writeCheckpoint,
  writePng,
} from '@unweather/core-tensor';
import { DuRN_S } from '@unweather/durn';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildApp } from './build-app.js';
import { serveApp } from './serve-app.js';
import { browserPath } from './test-support.js';

const PHOTO = fileURLToPath(new URL('../../../packages/datasets/embedded/held-out/coffee.png', import.meta.url));

/** Said by hand, where there can be none; without it a missing browser is a failure. */
const withoutBrowser = process.env.WITHOUT_BROWSER === '1';

let folder: string;
let browser: Browser | undefined;
const servers: Server[] = [];
let weights: State;
let photo: Picture;
const at = (name: string) => join(folder, name);

/** What Node makes of the photograph. */
async function inNode(): Promise<Picture> {
  const restorer = await Restorer.open(new DuRN_S(), weights);
  const restored = toBytes(await restorer.restore(photo));
  await restorer.dispose();
  return restored;
}

async function served(app: string, isolated: boolean): Promise<string> {
  const server = serveApp(app, { isolated });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unweather-'));
  photo = cut(await readPicture(PHOTO), { left: 40, top: 30, width: 92, height: 76 });
  await writePng(at('coffee.png'), photo);
  weights = initialState(new DuRN_S().parameters(), 1);
  const recipe = { task: 'rain', data: 'embedded/train', recipe: { name: 'quick' } };
  await writeCheckpoint(at('runs/durn/rain-quick/checkpoint.safetensors'), 'DuRN_S', weights, {
    step: 7,
    seed: 1,
    recipe,
  });
  await writeCheckpoint(at('runs/durn/other/checkpoint.safetensors'), 'Unknown', weights, { step: 7, seed: 1, recipe });
  if (withoutBrowser) return;
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  browser = await chromium.launch({ executablePath: browserPath(), args });
});

afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

test('an app is built of the checkpoints that browsers can run, and of nothing that it would have to empty', async () => {
  const { offered, left } = await buildApp(at('app'), [at('runs')]);
  expect(offered).toEqual([
    expect.objectContaining({
      paper: 'durn',
      tasks: ['rain'],
      network: 'DuRN_S',
      from: join('runs', 'durn', 'rain-quick'),
      trainedOn: 'embedded/train, 7 steps, recipe quick',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    }),
  ]);
  expect(left).toEqual([`${at('runs/durn/other/checkpoint.safetensors')}: there is no network "Unknown" in browsers`]);
  await expect(buildApp(folder, [])).rejects.toThrow(
    `${folder}: holds other files than this app, and would be emptied`,
  );
  await expect(buildApp(at('app'), [at('none')])).rejects.toThrow(
    `${at('none')}: cannot be read (no such file or folder); give a folder of checkpoints with --weights`,
  );
  // What failed left the older app as it was.
  await buildApp(at('app'), [at('runs')]);
  await buildApp(at('bare'), []);
});

describe.skipIf(withoutBrowser)('in a browser', () => {
  let context: BrowserContext;
  let page: Page;
  let troubles: string[];
  const text = (id: string) => page.locator(`#${id}`).textContent();

  async function open(app: string, isolated = true, options = {}): Promise<string> {
    const address = await served(at(app), isolated);
    context = await browser!.newContext({ viewport: { width: 1200, height: 900 }, ...options });
    page = await context.newPage();
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(String(error)));
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !url.startsWith('blob:')) troubles.push(`asked for ${url}`);
    });
    await page.goto(address);
    await page.locator('#model option').first().waitFor({ state: 'attached' });
    return address;
  }

  beforeEach(() => {
    troubles = [];
    return async () => {
      await context.close();
      expect(troubles).toEqual([]);
    };
  });

  async function dropPhoto(): Promise<void> {
    const bytes = (await readFile(at('coffee.png'))).join();
    const data = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array([${bytes}])], 'coffee.png', { type: 'image/png' }));
      return transfer;
    })()`);
    await page.dispatchEvent('#stage', 'drop', { dataTransfer: data });
    await page.locator('#compare').waitFor();
  }

  async function restored(): Promise<Picture> {
    await page.locator('#download:not([hidden])').waitFor({ timeout: 120_000 });
    const data = await page.evaluate<number[]>(`(() => {
      const canvas = document.getElementById('after');
      return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data];
    })()`);
    return { width: photo.width, height: photo.height, data: Uint8Array.from(data.filter((_, i) => i % 4 !== 3)) };
  }

  async function expectAsInNode(found: Picture): Promise<void> {
    const expected = await inNode();
    expect(found.data.length).toBe(expected.data.length);
    const worst = found.data.reduce((a, value, i) => Math.max(a, Math.abs(value - expected.data[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(1);
    expect(Buffer.from(found.data).equals(photo.data)).toBe(false);
  }

  test('a dropped photograph is restored as in Node, compared by the keys, downloaded, and restored again without a server', async () => {
    const address = await open('app');
    expect(await text('about')).toMatch(
      /^runs.durn.rain-quick, trained on embedded\/train, 7 steps, recipe quick\. .+ MB, SHA-256 [0-9a-f]{16}…$/,
    );
    await dropPhoto();
    await page.locator('#restore').press('Enter');
    await expectAsInNode(await restored());
    expect(await text('status')).toMatch(/^Restored in \d+\.\d s\. Move the slider to compare\.$/);
    expect(await text('machine')).toMatch(/^DuRN_S runs on onnxruntime-web wasm, (\d+ threads|one thread)\.$/);
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);

    const clip = () => page.evaluate<string>('getComputedStyle(document.getElementById("after")).clipPath');
    expect(await clip()).toBe('inset(0px 0px 0px 50%)');
    await page.locator('#slider').press('ArrowLeft');
    expect(await clip()).toBe('inset(0px 0px 0px 49%)');
    await page.locator('#slider').press('Home');
    expect(await clip()).toBe('inset(0px 0px 0px 0%)');

    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#download').press('Enter')]);
    expect(download.suggestedFilename()).toBe('coffee-restored.png');
    await download.saveAs(at('downloaded.png'));
    await expectAsInNode(await readPicture(at('downloaded.png')));

    await page.getByText('Works offline.').waitFor();
    for (const server of servers) server.closeAllConnections();
    await new Promise((resolve) => servers.pop()!.close(resolve));
    await page.goto(address);
    await page.locator('#model option').first().waitFor({ state: 'attached' });
    await dropPhoto();
    await page.locator('#restore').click();
    await expectAsInNode(await restored());
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
  });

  test('without weights it asks for a file, and says what is wrong with one', async () => {
    await open('bare');
    await page.locator('#photo').setInputFiles(at('coffee.png'));
    expect(await page.locator('#restore').isDisabled()).toBe(true);
    await page.locator('#weights').setInputFiles(at('runs/durn/other/checkpoint.safetensors'));
    await page.locator('#restore').click();
    await page.locator('#error:not(:empty)').waitFor();
    expect(await text('error')).toBe(
      'checkpoint.safetensors: it is of another network, Unknown; use a checkpoint of DuRN_S',
    );
    await page.locator('#weights').setInputFiles(at('runs/durn/rain-quick/checkpoint.safetensors'));
    await page.locator('#restore').click();
    await expectAsInNode(await restored());
  });

  test('a server that does not isolate the page leaves it one thread, which is said; a run can be stopped', async () => {
    await open('app', false);
    await page.locator('#photo').setInputFiles(PHOTO);
    await page.locator('#restore').click();
    await page.getByText('DuRN_S runs on onnxruntime-web wasm, one thread. The server does not isolate').waitFor();
    await page.locator('#cancel').click();
    expect(await text('status')).toBe('Stopped.');
    expect(await page.evaluate('document.activeElement.id')).toBe('restore');
    await dropPhoto();
    await page.locator('#restore').click();
    await expectAsInNode(await restored());
  });

  test('what is no picture is refused by its name', async () => {
    await open('bare');
    await page
      .locator('#photo')
      .setInputFiles({ name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('text') });
    await page.locator('#error:not(:empty)').waitFor();
    expect(await text('error')).toBe('letter.jpg: not a picture that this browser shows; use PNG, JPEG or WebP.');
  });

  test('nothing is wider than a phone, in the dark, and everything has a name', async () => {
    await open('app', true, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await dropPhoto();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const background = 'getComputedStyle(document.body).backgroundColor';
    const dark = await page.evaluate<string>(background);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await page.evaluate<string>(background)).not.toBe(dark);
    for (const id of ['photo', 'model', 'restore', 'slider', 'weights', 'progress', 'cancel', 'download'])
      expect(
        await page.evaluate(`(() => {
        const element = document.getElementById('${id}');
        return element.ariaLabel ?? (element.labels?.[0]?.textContent || element.textContent);
      })()`),
        id,
      ).toMatch(/\w/);
  });
});
