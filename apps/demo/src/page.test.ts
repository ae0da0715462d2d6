import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  cut,
  initialState,
  type Picture,
  type PictureNetwork,
  Restorer,
  readPicture,
  type State,
  toBytes,
  writeCheckpoint,
  writePng,
} from '@unweather/core-tensor';
import { DuRN_P_no_norm, DuRN_S } from '@unweather/durn';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildApp } from './build-app.js';
import { carriedFolders } from './find-weights.js';
import { serveApp } from './serve-app.js';

const PHOTO = fileURLToPath(new URL('../../../packages/datasets/embedded/held-out/coffee.png', import.meta.url));

/** Set by hand on machines without a browser; otherwise a missing browser is a failure. */
const withoutBrowser = process.env.WITHOUT_BROWSER === '1';

const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage'];

let folder: string;
let browser: Browser | undefined;
const servers: Server[] = [];
let weights: State;
let photo: Picture;
const at = (name: string) => join(folder, name);
const within = (name: string) => ({ folder: at(name), name });

/** Restores a picture in Node. */
async function inNode(network: PictureNetwork, state: State, picture: Picture): Promise<Picture> {
  const restorer = await Restorer.open(network, state);
  const restored = toBytes(await restorer.restore(picture));
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
  browser = await chromium.launch({ executablePath: process.env.CHROME_PATH!, args: ARGUMENTS, timeout: 600_000 });
});

afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

test('an app is built of the checkpoints that browsers can run, and of nothing that it would have to empty', async () => {
  const { offered, left } = await buildApp(at('app'), [within('runs')]);
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
  expect(left).toEqual([
    `${at('runs/durn/other/checkpoint.safetensors')}: network "Unknown" is not available in browsers`,
  ]);
  await expect(buildApp(folder, [])).rejects.toThrow(
    `${folder}: contains files of something else, which would be deleted`,
  );
  await expect(buildApp(at('app'), [within('none')])).rejects.toThrow(
    `${at('none')}: cannot be read (no such file or folder); give a folder of checkpoints with --weights`,
  );
  // The failed build left the older app unchanged.
  await buildApp(at('app'), [within('runs')]);
  await buildApp(at('bare'), []);
});

test('an app offers what the packages carry, as it lies there', async () => {
  const { offered, left } = await buildApp(at('carried'), carriedFolders());
  expect(left).toEqual([]);
  expect(offered.map(({ paper, tasks, network, from }) => [paper, tasks, network, from])).toEqual([
    ['durn', ['rain'], 'VeilNet', '@unweather/durn'],
    ['durn', ['rain'], 'DuRN_S', '@unweather/durn'],
    ['aecr', ['haze'], 'KoschmiederNet', '@unweather/aecr'],
    ['aecr', ['haze'], 'AECR-Net', '@unweather/aecr'],
  ]);
  const carried = ['durn/weights/rain', 'durn/weights/rain-durn-s', 'aecr/weights/haze', 'aecr/weights/haze-aecr-net'];
  for (const [i, { file }] of offered.entries()) {
    const own = fileURLToPath(new URL(`../../../packages/${carried[i]}.safetensors`, import.meta.url));
    expect((await readFile(at(`carried/${file}`))).equals(await readFile(own)), file).toBe(true);
  }
});

describe.skipIf(withoutBrowser)('in a browser', () => {
  let context: BrowserContext;
  let page: Page;
  let troubles: string[];
  const text = (id: string) => page.locator(`#${id}`).textContent();

  async function open(app: string, isolated = true, options = {}, host = browser!): Promise<string> {
    const address = await served(at(app), isolated);
    context = await host.newContext({ viewport: { width: 1200, height: 900 }, ...options });
    context.setDefaultTimeout(600_000);
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
    await page.getByText('coffee.png is ready to be restored.').waitFor();
  }

  /** RGB values of the result. */
  async function restored(): Promise<Uint8Array> {
    await page.locator('#download:not([hidden])').waitFor();
    const data = await page.evaluate<number[]>(`(() => {
      const canvas = document.getElementById('after');
      return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data];
    })()`);
    return Uint8Array.from(data.filter((_, i) => i % 4 !== 3));
  }

  function expectClose(found: Uint8Array, expected: Picture): void {
    expect(found.length).toBe(expected.data.length);
    const worst = found.reduce((a, value, i) => Math.max(a, Math.abs(value - expected.data[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(1);
  }

  async function expectAsInNode(found: Uint8Array): Promise<void> {
    expectClose(found, await inNode(new DuRN_S(), weights, photo));
    expect(Buffer.from(found).equals(photo.data)).toBe(false);
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
    await expectAsInNode((await readPicture(at('downloaded.png'))).data);

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

  test('without weights it asks for a file, and says what is wrong with one', { tags: 'whole' }, async () => {
    await open('bare');
    await page.locator('#photo').setInputFiles(at('coffee.png'));
    expect(await page.locator('#restore').isDisabled()).toBe(true);
    await page.locator('#weights').setInputFiles(at('runs/durn/other/checkpoint.safetensors'));
    await page.locator('#restore').click();
    await page.locator('#error:not(:empty)').waitFor();
    expect(await text('error')).toBe(
      'checkpoint.safetensors: it belongs to another network, Unknown; use a checkpoint of DuRN_S',
    );
    await page.locator('#weights').setInputFiles(at('runs/durn/rain-quick/checkpoint.safetensors'));
    await page.locator('#restore').click();
    await expectAsInNode(await restored());
  });

  test('a server that does not isolate the page leaves it one thread, which is said; a run can be stopped', {
    tags: 'whole',
  }, async () => {
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

  test('on WebGPU, here a GPU in software, pixels come out as in Node', { tags: 'whole' }, async (skipping) => {
    const flags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
    const another = await chromium.launch({
      executablePath: process.env.CHROME_PATH!,
      args: [...ARGUMENTS, ...flags],
      timeout: 600_000,
    });
    try {
      await open('bare', true, {}, another);
      const hasGpu = await page.evaluate('navigator.gpu?.requestAdapter().then((adapter) => adapter !== null)');
      if (hasGpu !== true) {
        troubles = [];
        skipping.skip('this Chromium brings no GPU in software');
      }
      const small = cut(photo, { left: 30, top: 20, width: 24, height: 20 });
      await writePng(at('small.png'), small);
      const network = new DuRN_P_no_norm();
      const state = initialState(network.parameters(), 1);
      await writeCheckpoint(at('small.safetensors'), 'DuRN_P_no_norm', state, { step: 0, seed: 1, recipe: {} });
      await page.locator('#photo').setInputFiles(at('small.png'));
      await page.locator('#model').selectOption({ label: 'Real noise · DuRN' });
      await page.locator('#weights').setInputFiles(at('small.safetensors'));
      await page.locator('#restore').click();
      expectClose(await restored(), await inNode(network, state, small));
      expect(await text('machine')).toBe('DuRN_P_no_norm runs on onnxruntime-web webgpu, one thread.');
    } finally {
      await another.close();
    }
  });

  test('weights that are not what the app was built of are refused', async () => {
    await buildApp(at('spoilt'), [within('runs')]);
    const file = at('spoilt/weights/durn-DuRN_S-rain-quick.safetensors');
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    const address = await open('spoilt');
    await page.locator('#photo').setInputFiles(at('coffee.png'));
    await page.locator('#restore').click();
    await page.locator('#error:not(:empty)').waitFor();
    const name = `${address}weights/durn-DuRN_S-rain-quick.safetensors`;
    expect(await text('error')).toMatch(
      new RegExp(`^${name}: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}; reload the page, or build the app again$`),
    );
  });

  test('what is no picture is refused by its name', async () => {
    await open('bare');
    await page
      .locator('#photo')
      .setInputFiles({ name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('text') });
    await page.locator('#error:not(:empty)').waitFor();
    expect(await text('error')).toBe('letter.jpg: not a picture that this browser can show; use PNG, JPEG or WebP.');
  });

  test('nothing is wider than a phone, in the dark, and everything has a name', { tags: 'whole' }, async () => {
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
