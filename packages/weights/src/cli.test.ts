import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { float32, readSafetensors, type State, writeSafetensors } from '@unweather/core-tensor';
import lockfile from 'proper-lockfile';
import { beforeEach, expect, test, vi } from 'vitest';
import { addressOf } from './cache/address.js';
import { cached } from './cache/cached.js';
import {
  serve,
  sha256Of,
  sizeOf,
  someWeights,
  type TestServer,
  temporaryFolder,
  testServer,
  until,
} from './test-support.js';

const bytes = someWeights(400_000);
const sha256 = sha256Of(bytes);
let cache: string;
let server: TestServer;
beforeEach(async () => {
  cache = await temporaryFolder();
  server = await testServer((request, response) => serve(bytes, request, response, { etag: '"one"' }));
});

const url = () => `${server.url}/net.safetensors`;
const path = () => join(cache, addressOf(url()).folder, 'net.safetensors');

function run(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
  return started(() => undefined, ...args);
}

function started(watch: (child: ChildProcess) => void, ...args: string[]) {
  const env = { ...process.env, UNWEATHER_CACHE: cache };
  const child = spawn(process.execPath, [fileURLToPath(new URL('cli.js', import.meta.url)), ...args], {
    cwd: cache,
    env,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  watch(child);
  return new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (status) => resolve({ status, out, err }));
  });
}

test('get, path, list and verify', async () => {
  expect(await run('get', url(), '--sha256', sha256)).toEqual({
    status: 0,
    out: `${path()}\nSHA-256 ${sha256}\n`,
    err: '',
  });
  expect(await run('path', url())).toEqual({ status: 0, out: `${path()}\n`, err: '' });
  expect(server.requests.length).toBe(1);
  const { out } = await run('list');
  expect(out.split('\n')[2]!.replace(/ +/g, ' ')).toBe(
    `| ${url()} | 0.4 MB | not stated | | | ${sha256.slice(0, 8)} |`,
  );
  const listed = JSON.parse((await run('list', '--json')).out) as unknown[];
  expect(listed).toEqual([{ name: url(), path: path(), size: bytes.length, sha256 }]);
  expect(await run('verify')).toEqual({ status: 0, out: `ok ${url()}\n1 right, 0 wrong\n`, err: '' });
  await writeFile(path(), 'x');
  const verified = await run('verify');
  expect([verified.status, verified.out]).toEqual([
    1,
    expect.stringMatching(/^WRONG .+damaged.+\n0 right, 1 wrong\n$/),
  ]);
  expect((await run('list')).out).toBe(`no weights in ${cache}, none in installed packages\n`);
});

test('errors are one line, status 1', async () => {
  const refused = async (args: string[], message: string) => {
    const { status, err } = await run(...args);
    expect([status, err.split('\n').length, err]).toEqual([1, 2, expect.stringContaining(message)]);
  };
  await refused(['get', 'net.pth'], 'error: net.pth: get takes a URL; "path" finds files and packages');
  await refused(['get', `${url()}#sha256=${'ab'.repeat(32)}`], `SHA-256 is ${sha256}, expected ${'ab'.repeat(32)}`);
  await refused(['path', 'nowhere'], 'error: nowhere: neither a file nor an installed package of weights; check');
  await refused(['half', 'none.safetensors', '-o', 'out.pth'], 'error: out.pth: the name must end in .safetensors');
  await refused(['card', 'x.safetensors'], "error: required option '--evaluation <file.json...>' not specified");
  await refused(['gte', url()], "unknown command 'gte'");
});

test('of two processes at the same time one downloads, and both have the file', async () => {
  const lock = vi.spyOn(lockfile, 'lock');
  // The first request is answered once this process has run into the lock.
  server.handler = (request, response) =>
    void until(() => lock.mock.settledResults.length > 0).then(() => serve(bytes, request, response));
  const first = run('path', url());
  await until(() => server.requests.length === 1);
  expect((await cached(url(), { cache })).path).toBe(path());
  expect(lock.mock.settledResults[0]).toMatchObject({ type: 'rejected', value: { code: 'ELOCKED' } });
  lock.mockRestore();
  expect(await first).toEqual({ status: 0, out: `${path()}\n`, err: '' });
  expect(server.requests.length).toBe(1);
  expect((await readFile(path())).equals(bytes)).toBe(true);
});

test('Ctrl-C ends it with status 130 and keeps what came; the same command goes on', async () => {
  let child: ChildProcess | undefined;
  server.handler = (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length, etag: '"one"' });
    response.write(bytes.subarray(0, 90_000));
    void until(async () => (await sizeOf(`${path()}.part`)) === 90_000).then(() => child!.kill('SIGINT'));
  };
  const stopped = await started(
    (process) => {
      child = process;
    },
    'get',
    url(),
  );
  expect([stopped.status, stopped.err]).toEqual([
    130,
    'stopped; the downloaded part is kept, run the same command again to continue\n',
  ]);
  expect((await readFile(`${path()}.part`)).equals(bytes.subarray(0, 90_000))).toBe(true);
  expect((await readdir(join(path(), '..'))).includes('.lock')).toBe(false);
  server.handler = (request, response) => serve(bytes, request, response, { etag: '"one"' });
  expect((await run('get', url())).status).toBe(0);
  expect(server.requests[1]!.headers.range).toBe('bytes=90000-');
  expect((await readFile(path())).equals(bytes)).toBe(true);
});

test('half writes half the bytes, keeps texts, leaves the optimiser out, and says what rounding did', async () => {
  await mkdir(join(cache, 'a'));
  const [file, out] = [join(cache, 'a', 'in.safetensors'), join(cache, 'a', 'out.safetensors')];
  const values = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
  const tensors: State = new Map([
    ['weight', float32(values, [values.length])],
    ['optimizer.exp_avg.weight', float32(values, [values.length])],
  ]);
  await writeSafetensors(file, { tensors, metadata: { network: 'DuRN_S' } });
  const { status, out: said } = await run('half', file, '-o', out);
  expect(status).toBe(0);
  const { tensors: read, metadata } = await readSafetensors(out);
  expect([[...read.keys()], metadata]).toEqual([['weight'], { network: 'DuRN_S' }]);
  const half = await readFile(out);
  const worst = values.reduce((a, value, i) => Math.max(a, Math.abs(value - Number(read.get('weight')!.data[i]))), 0);
  expect(said).toBe(
    `wrote ${out}: 0.2 MB became 0.0 MB\n${half.length} bytes, SHA-256 ${sha256Of(half)}\nleft out 1 tensors of the optimiser\n` +
      `largest difference of a weight: ${worst.toExponential(2)} in weight\n`,
  );
  // Between 0.5 and 1, neighbouring half-precision numbers are 2^-11 apart.
  expect(worst).toBeLessThanOrEqual(2 ** -12);
});
