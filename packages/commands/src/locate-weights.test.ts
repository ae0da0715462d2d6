import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { locateWeights } from './locate-weights.js';
import { openModel } from './model/load.js';
import { checkpoints, paper } from './model/test-support.small.js';
import { createReporter } from './reporter.js';
import { restore } from './restore.js';
import { temporaryFolder } from './test-support.js';
import { quickWeights, usualWeights } from './weights.js';

const photo = fileURLToPath(new URL('../../datasets/embedded/held-out/city.png', import.meta.url));
let bytes: Buffer;
let sha256: string;
let url: string;
let answered = 0;
const server = createServer((request, response) => {
  answered++;
  // The slow one never ends.
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

/** Weights in a fresh project: an empty cache, and a package in its node_modules. */
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
  for (let i = 0; i < 2; i++) await (await openModel(paper, { task: 'small', weights, threads: 1 })).dispose();
  expect(answered - before).toBe(1);
  expect((await locateWeights(paper, weights)).shown).toBe(`${url}/small.safetensors`);
  const wrong = `${url}/other.safetensors#sha256=${'ab'.repeat(32)}`;
  await expect(openModel(paper, { task: 'small', weights: wrong })).rejects.toThrow(`is ${sha256}, expected abab`);
});

test('restore takes a package’s name, and says how far a download is', async () => {
  const folder = await project();
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream;
  const reporter = createReporter('jsonl', stream);
  const out = join(folder, 'out.png');
  const { signal } = new AbortController();
  const run = (weights: string) => restore(paper, photo, { task: 'small', weights, out, threads: 1 }, reporter, signal);
  expect(await run('small-weights#small')).toBe(true);
  const carried = await readFile(out);
  expect(lines.some((line) => line.includes('download'))).toBe(false);
  expect(await run(`${url}/small.safetensors`)).toBe(true);
  expect(lines).toContain(`${JSON.stringify({ event: 'download', done: bytes.length, total: bytes.length })}\n`);
  expect((await readFile(out)).equals(carried)).toBe(true);
  await expect(run('nobodys-weights')).rejects.toThrow(
    'nobodys-weights: neither a file nor an installed package of weights (installed: small-weights); check the name, or',
  );
  vi.mocked(process.cwd).mockRestore();
});

test('where none are named: those of the paper’s package, wherever it is installed, else the user’s own', async () => {
  const folder = await project('@unweather/paper');
  const home = pathToFileURL(`${join(folder, 'node_modules/@unweather/paper')}/`);
  const installed = { ...paper, home };
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
  const [quick, before] = [quickWeights(paper, 'small'), process.cwd()];
  process.chdir(await temporaryFolder());
  try {
    await mkdir(dirname(quick), { recursive: true });
    await writeFile(quick, bytes);
    expect(await usualWeights(paper, 'small')).toBe(quick);
    expect(await usualWeights(installed, 'small')).toBe('@unweather/paper#small');
  } finally {
    process.chdir(before);
  }
  await writeFile(join(folder, 'node_modules/@unweather/paper/small.safetensors'), 'cut');
  await expect(openModel(installed, { task: 'small' })).rejects.toThrow(
    /it has 3 bytes, its package says .+; install it anew/,
  );
});

test('a download that is stopped ends restoring without an error', async () => {
  const folder = await project();
  const controller = new AbortController();
  const reporter = createReporter('jsonl', { write: () => controller.abort() } as unknown as NodeJS.WriteStream);
  const options = { task: 'small', weights: `${url}/slow.pth`, out: join(folder, 'out.png') };
  expect(await restore(paper, photo, options, reporter, controller.signal)).toBe(false);
});
