import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { OpenListener } from './listener.js';
import { openModel } from './load.js';
import { locateWeights } from './locate-weights.js';
import { temporaryFolder } from './test-support.js';
import { checkpoints, small } from './test-support.small.js';
import { quickWeights, usualWeights } from './weights.js';

const photo = fileURLToPath(new URL('../../datasets/embedded/held-out/city.png', import.meta.url));
let bytes: Buffer;
let sha256: string;
let url: string;
let answered = 0;
const server = createServer((request, response) => {
  answered++;
  // The slow download never ends.
  if (request.url!.startsWith('/slow')) return void response.writeHead(200, { 'content-length': 9 }).write('some');
  response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
});
beforeAll(async () => {
  bytes = await readFile((await checkpoints()).small);
  sha256 = createHash('sha256').update(bytes).digest('hex');
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => vi.unstubAllEnvs());

/** Creates a fresh project with an empty cache and a package of weights in its node_modules. */
async function project(name = 'small-weights'): Promise<string> {
  const folder = await temporaryFolder();
  vi.stubEnv('UNWEATHER_CACHE', join(folder, 'cache'));
  const carrier = join(folder, 'node_modules', name);
  await mkdir(carrier, { recursive: true });
  const entry = { name: 'small', file: 'small.safetensors', sha256, size: bytes.length, network: 'small' };
  const weights = [{ ...entry, task: 'small', licence: 'MIT', card: 'card.md' }];
  await writeFile(join(carrier, 'package.json'), JSON.stringify({ name, unweather: { weights } }));
  await writeFile(join(carrier, 'small.safetensors'), bytes);
  return folder;
}

test('a model is loaded by the URL of its weights, once downloaded; and a wrong hash is told', async () => {
  await project();
  const weights = `${url}/small.safetensors?key=secret#sha256=${sha256}`;
  const before = answered;
  for (let i = 0; i < 2; i++) await (await openModel(small, { task: 'small', weights, threads: 1 })).dispose();
  expect(answered - before).toBe(1);
  expect((await locateWeights(small, weights)).shown).toBe(`${url}/small.safetensors`);
  const wrong = `${url}/other.safetensors#sha256=${'ab'.repeat(32)}`;
  await expect(openModel(small, { task: 'small', weights: wrong })).rejects.toThrow(`is ${sha256}, expected abab`);
});

test('a package’s name is taken as it is, an address is downloaded, and the listener hears how far', async () => {
  const folder = await project();
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const heard: object[] = [];
  const listener: OpenListener = { download: (progress) => heard.push(progress) };
  const restored = async (weights: string) => {
    const model = await openModel(small, { task: 'small', weights, threads: 1 }, listener);
    const bytes = await (await model.restore(photo)).toBuffer('png');
    await model.dispose();
    return [model.weights, bytes] as const;
  };
  const [named, carried] = await restored('small-weights#small');
  expect(named).toBe('small-weights#small');
  expect(heard).toEqual([]);
  const [address, fetched] = await restored(`${url}/small.safetensors`);
  expect(address).toBe(`${url}/small.safetensors`);
  expect(heard).toContainEqual({ done: bytes.length, total: bytes.length });
  expect(fetched.equals(carried)).toBe(true);
  await expect(restored('nobodys-weights')).rejects.toThrow(
    'nobodys-weights: neither a file nor an installed package of weights (installed: small-weights); check the name, or',
  );
  vi.mocked(process.cwd).mockRestore();
});

test('where none are named: those of the paper’s package, wherever it is installed, else the user’s own', async () => {
  const folder = await project('@unweather/paper');
  const home = pathToFileURL(`${join(folder, 'node_modules/@unweather/paper')}/`);
  const installed = { ...small, home };
  expect(await usualWeights(installed, 'small')).toBe('@unweather/paper#small');
  expect(await usualWeights(installed, 'same')).toBeUndefined();
  expect(await locateWeights(installed, '@unweather/paper#small')).toEqual({
    path: join(folder, 'node_modules/@unweather/paper/small.safetensors'),
    shown: '@unweather/paper#small',
    card: join(folder, 'node_modules/@unweather/paper/card.md'),
    licence: 'MIT',
  });
  const model = await openModel(installed, { task: 'small', threads: 1 });
  expect(model.network).toBe('small');
  await model.dispose();
  const [quick, before] = [quickWeights(small, 'small'), process.cwd()];
  process.chdir(await temporaryFolder());
  try {
    await mkdir(dirname(quick), { recursive: true });
    await writeFile(quick, bytes);
    expect(await usualWeights(small, 'small')).toBe(quick);
    expect(await usualWeights(installed, 'small')).toBe('@unweather/paper#small');
  } finally {
    process.chdir(before);
  }
  await writeFile(join(folder, 'node_modules/@unweather/paper/small.safetensors'), 'cut');
  await expect(openModel(installed, { task: 'small' })).rejects.toThrow(
    /it has 3 bytes, its package says .+; reinstall it/,
  );
});

test('a download that is stopped gives the signal’s reason', async () => {
  await project();
  const controller = new AbortController();
  const reason = new Error('enough');
  const listener = { download: () => controller.abort(reason) };
  const options = { task: 'small', weights: `${url}/slow.pth` };
  await expect(openModel(small, options, listener, controller.signal)).rejects.toBe(reason);
});
