import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serve, sha256Of, someWeights, type TestServer, temporaryFolder, testServer, until } from '../test-support.js';
import { addressOf } from './address.js';
import { type CacheOptions, cached } from './cached.js';
import { Entry } from './entry.js';

const bytes = someWeights(50_000);
const sha256 = sha256Of(bytes);
const other = someWeights(50_000, 2);
let cache: string;
let server: TestServer;
beforeEach(async () => {
  cache = await temporaryFolder();
  server = await testServer((request, response) => serve(bytes, request, response));
});
afterEach(() => vi.unstubAllEnvs());

const url = () => `${server.url}/net.safetensors`;
const get = (options: CacheOptions = {}) => cached(url(), { cache, ...options });
const entry = () => Entry.of(cache, addressOf(url()));

test('a download of another hash is removed, and both hashes are named', async () => {
  const expected = sha256Of(other);
  await expect(get({ sha256: expected })).rejects.toThrow(
    `${url()}: the file's SHA-256 is ${sha256}, expected ${expected}; it was removed; check the hash, or ask its publisher`,
  );
  expect(await readdir(entry().folder)).toEqual([]);
});

test('a mistyped hash costs nobody the file that is there; a new version takes its place', async () => {
  const { path } = await get({ sha256 });
  await expect(get({ sha256: 'ab'.repeat(32) })).rejects.toThrow('it was removed');
  expect((await readFile(path)).equals(bytes)).toBe(true);
  await expect(get({ sha256: sha256Of(other), offline: true })).rejects.toThrow(
    `${path}: its SHA-256 is ${sha256}, expected ${sha256Of(other)}, and nothing is downloaded offline; check the hash`,
  );
  server.handler = (request, response) => serve(other, request, response);
  await get({ sha256: sha256Of(other) });
  expect((await readFile(path)).equals(other)).toBe(true);
});

test('a file that changed in the cache is found when it is used, removed, and downloaded by the next call', async () => {
  const { path } = await get();
  await writeFile(path, other);
  await expect(get({ offline: true })).rejects.toThrow(
    `${path}: damaged (its SHA-256 is ${sha256Of(other)}, it was downloaded with ${sha256}); it was removed, run this`,
  );
  await expect(stat(path)).rejects.toThrow('ENOENT');
  expect((await readFile((await get()).path)).equals(bytes)).toBe(true);
});

test('a record that is garbled counts for nothing', async () => {
  await get();
  await writeFile(join(entry().folder, 'download.json'), '{');
  await get();
  expect(server.requests.length).toBe(2);
});

test('offline nothing is requested, by option and by environment', async () => {
  const message = `${url()}: not in the cache, and nothing is downloaded offline; get it first, or unset UNWEATHER_OFFLINE`;
  await expect(get({ offline: true })).rejects.toThrow(message);
  vi.stubEnv('UNWEATHER_OFFLINE', '1');
  await expect(get()).rejects.toThrow(message);
  expect(server.requests.length).toBe(0);
  vi.stubEnv('UNWEATHER_OFFLINE', '0');
  await get();
});

test('a mirror is asked instead, by host and path, and the cache knows the file by its own URL', async () => {
  const own = 'https://weights.example:8443/a/net.safetensors?v=2';
  vi.stubEnv('UNWEATHER_MIRROR', `${server.url}/mirror/`);
  const found = await cached(own, { cache });
  expect(server.requests.map((request) => request.url)).toEqual(['/mirror/weights.example:8443/a/net.safetensors?v=2']);
  expect(found.url).toBe('https://weights.example:8443/a/net.safetensors');
  vi.stubEnv('UNWEATHER_MIRROR', '');
  expect((await cached(own, { cache, offline: true })).path).toBe(found.path);
  vi.stubEnv('UNWEATHER_MIRROR', 'ftp://mirror');
  await expect(get()).rejects.toThrow('UNWEATHER_MIRROR is ftp://mirror; give a URL like https://');
});

test('the folder is UNWEATHER_CACHE, and none inside node_modules', async () => {
  vi.stubEnv('UNWEATHER_CACHE', cache);
  expect((await cached(url(), {})).path.startsWith(cache)).toBe(true);
  vi.stubEnv('UNWEATHER_CACHE', join(cache, 'node_modules', 'x'));
  await expect(cached(url(), {})).rejects.toThrow(
    /x: a cache inside node_modules would go with the next install; choose/,
  );
});

test('what is no URL of a file', async () => {
  await expect(cached('net.pth', { cache })).rejects.toThrow('net.pth: not a URL; give one like https://');
  await expect(cached('ftp://a/b.pth', { cache })).rejects.toThrow(
    'only http and https URLs are downloaded; give a file by its',
  );
  await expect(cached('https://a.example/', { cache })).rejects.toThrow(
    'https://a.example/: the URL names no file; give the URL',
  );
});

test('the lock of a process that died is taken over; that of a living one is waited for', async () => {
  const { folder } = entry();
  await mkdir(join(folder, '.lock'), { recursive: true });
  const [controller, reason] = [new AbortController(), new Error('waited long enough')];
  const lock = vi.spyOn(lockfile, 'lock');
  void until(() => lock.mock.calls.length > 1).then(() => controller.abort(reason));
  await expect(get({ signal: controller.signal })).rejects.toBe(reason);
  lock.mockRestore();
  expect(server.requests.length).toBe(0);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(join(folder, '.lock'), longAgo, longAgo);
  expect((await get()).sha256).toBe(sha256);
  expect((await readdir(folder)).sort()).toEqual(['download.json', 'net.safetensors']);
});

test('a clock that was set back does not keep the lock of a process that died', async () => {
  const { folder } = entry();
  const lock = join(folder, '.lock');
  await mkdir(lock, { recursive: true });
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
  await utimes(lock, tomorrow, tomorrow);
  // Every look is seven seconds later.
  let now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 7000;
    return now;
  });
  try {
    expect((await get()).sha256).toBe(sha256);
  } finally {
    clock.mockRestore();
  }
  expect((await readdir(folder)).sort()).toEqual(['download.json', 'net.safetensors']);
});

/** Answers without Content-Length, which ends with the connection: nothing tells that it was cut off. */
const unmeasured = (body: string | Buffer) => {
  server.handler = (_request, response) => {
    response.useChunkedEncodingByDefault = false;
    response.removeHeader('content-length');
    response.writeHead(200, { connection: 'close' });
    response.end(body);
  };
};

test.each<[string, string | Buffer, RegExp]>([
  [
    'a page that wants a login',
    '<html>Welcome to our network</html>',
    /it is a web page \(HTML or XML\) instead of the file/,
  ],
  ['an empty answer', '', /it is empty, not weights/],
  ['an answer that was cut off', bytes.subarray(0, 30_000), /.+/],
  ['the index of several files', '{"weight_map":{"a":"b.safetensors"}}', /the index of several files; download all/],
  ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /it is a picture \(PNG\), not weights/],
])('without a hash %s is not kept', async (_what, body, message) => {
  unmeasured(body);
  const refused = expect.objectContaining({
    name: 'UserError',
    message: expect.stringMatching(new RegExp(`^${url()}: .*${message.source}.*nothing of it was kept; does`)),
  });
  await expect(get()).rejects.toThrow(refused);
  expect(await readdir(entry().folder)).toEqual([]);
  await expect(get({ offline: true })).rejects.toThrow('not in the cache');
  // With a hash, whatever has it is kept.
  const kept = Buffer.from(body);
  expect((await get({ sha256: sha256Of(kept) })).size).toBe(kept.length);
});

test('a file with the name of a record has another one in the cache', async () => {
  for (const name of ['download.json', 'Download.JSON']) {
    const found = await cached(`${server.url}/${name}`, { cache });
    expect((await readFile(found.path)).equals(bytes)).toBe(true);
    expect((await cached(`${server.url}/${name}`, { cache, offline: true })).path).toBe(found.path);
  }
});
