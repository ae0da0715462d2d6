import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Serving,
  serve,
  sha256Of,
  sizeOf,
  someWeights,
  type TestServer,
  temporaryFolder,
  testServer,
  until,
} from '../test-support.js';
import { addressOf } from './address.js';
import { type CacheOptions, cached } from './cached.js';
import { Entry } from './entry.js';

const bytes = someWeights(300_000);
const sha256 = sha256Of(bytes);
let cache: string;
let server: TestServer;
beforeEach(async () => {
  cache = await temporaryFolder();
  server = await testServer((request, response) => serve(bytes, request, response, { etag: '"one"' }));
});

const url = () => `${server.url}/some/net.safetensors`;
const get = (options: CacheOptions = {}) => cached(url(), { cache, pause: 1, ...options });
const arrived = (size: number) => until(async () => (await sizeOf(entry().part)) >= size);
const entry = () => Entry.of(cache, addressOf(url()));
const refused = (options: CacheOptions, message: string | RegExp) =>
  expect(get(options)).rejects.toThrow(
    expect.objectContaining({ name: 'UserError', message: expect.stringMatching(message) }),
  );

/** Serves the given answers one after another, then repeats the last. */
function inTurn(...answers: (Serving | { status: number })[]): void {
  server.handler = (request, response, count) => {
    const answer = answers[Math.min(count, answers.length) - 1]!;
    if ('status' in answer) response.writeHead(answer.status).end('an error page');
    else serve(bytes, request, response, { etag: '"one"', ...answer });
  };
}

async function isThere(): Promise<void> {
  const found = await cached(url(), { cache, offline: true });
  expect((await readFile(found.path)).equals(bytes)).toBe(true);
  expect((await readdir(entry().folder)).sort()).toEqual(['download.json', 'net.safetensors']);
}

test('a file is downloaded once, under its own name, with progress, and is there offline', async () => {
  const seen: number[] = [];
  const found = await get({ onProgress: ({ done, total }) => seen.push(done, total!) });
  expect(found).toMatchObject({ sha256, size: bytes.length, url: url(), file: 'net.safetensors' });
  expect(seen.slice(0, 2)).toEqual([0, bytes.length]);
  expect(seen.slice(-2)).toEqual([bytes.length, bytes.length]);
  await isThere();
  await get({ sha256 });
  expect(server.requests.length).toBe(1);
});

test('whatever pieces the connection breaks into, the file is the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 4 }), async (cuts) => {
      cache = await temporaryFolder();
      server.requests.length = 0;
      inTurn(...cuts.map((cut) => ({ cut })), {});
      expect((await get()).sha256).toBe(sha256);
      await isThere();
    }),
    { numRuns: 15 },
  );
});

describe('what is broken off is gone on with', () => {
  test('by a range of the same version', async () => {
    inTurn({ cut: 100_000, arrived }, {});
    await get();
    const { range, 'if-range': ifRange } = server.requests[1]!.headers;
    expect(ifRange).toBe('"one"');
    expect(Number(/\d+/.exec(range!)![0])).toBeGreaterThan(0);
    await isThere();
  });

  test.each<[string, Serving, Serving]>([
    ['anew, where the file has changed', { cut: 100_000, arrived, etag: '"old"' }, { etag: '"one"' }],
    ['anew, where the server knows no ranges', { cut: 100_000, arrived }, { ranges: false }],
    ['anew, where its ETag is weak', { cut: 100_000, arrived, etag: 'W/"one"' }, { etag: 'W/"one"' }],
  ])('%s', async (_name, first, second) => {
    inTurn(first, second);
    await get();
    await isThere();
  });

  test('anew, where the part is of nobody knows what', async () => {
    inTurn({ status: 404 }, {});
    await refused({}, 'no such file');
    await writeFile(entry().part, 'something');
    await get();
    expect(server.requests[1]!.headers.range).toBeUndefined();
    await isThere();
  });

  test('anew, where the server sends another range or the part is too long', async () => {
    server.handler = (request, response, count) => {
      if (count === 1) return serve(bytes, request, response, { etag: '"one"', cut: 1000, arrived });
      if (count > 2) return serve(bytes, request, response, { etag: '"one"' });
      response.writeHead(206, { 'content-range': 'bytes 7-9/300000', etag: '"one"' }).end('xyz');
    };
    await get();
    await isThere();
    inTurn({ cut: 1000, arrived });
    cache = await temporaryFolder();
    await refused({ retries: 0 }, /; 1000 bytes are kept, run the same command again to continue/);
    await writeFile(entry().part, Buffer.alloc(400_000));
    inTurn({}, {});
    await get();
    await isThere();
  });
});

describe('what the server answers is told with a remedy', () => {
  test('after trouble that passes, it is tried again', async () => {
    inTurn({ status: 500 }, { status: 503 }, { status: 429 }, {});
    await get();
    await isThere();
  });

  test.each<[number, RegExp, number]>([
    [404, /net\.safetensors: there is no such file \(404\); check the URL/, 1],
    [403, /the server denies access \(403\); check the URL and your access rights/, 1],
    [418, /the server answers 418, not with a file; check the URL/, 1],
    [500, /the server answers 500, 3 times; check the connection, or try later$/, 3],
  ])('%i', async (status, message, requests) => {
    inTurn({ status });
    await refused({ retries: 2 }, message);
    expect(server.requests.length).toBe(requests);
  });

  test('a body that always breaks off: what came is kept', async () => {
    inTurn({ cut: 5000, arrived });
    await refused(
      { retries: 1 },
      /, 2 times; check the connection, or try later; \d+ bytes are kept, run the same command/,
    );
    const kept = (await stat(entry().part)).size;
    expect(kept).toBeGreaterThan(0);
    expect((await readFile(entry().part)).equals(bytes.subarray(0, kept))).toBe(true);
  });

  test('nobody answers', async () => {
    await expect(cached('http://127.0.0.1:9/x.pth', { cache, retries: 1, pause: 1 })).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:9\/x\.pth: .+, 2 times; check the connection/,
    );
  });

  test('redirects are followed, in a circle not for ever', async () => {
    server.handler = (request, response) => {
      if (request.url === '/real') return serve(bytes, request, response);
      response.writeHead(302, { location: request.url === '/round.pth' ? '/round.pth' : '/real' }).end();
    };
    expect((await get()).file).toBe('net.safetensors');
    await isThere();
    await expect(cached(`${server.url}/round.pth`, { cache })).rejects.toThrow(
      `${server.url}/round.pth: the server redirects more than 20 times; check the URL`,
    );
    expect(server.requests.length).toBe(2 + 21);
  });

  test.each(['file:///etc/passwd', 'data:text/plain,x', 'javascript:1', 'http://'])(
    'a redirect to %s is refused, and is no matter of the connection',
    async (location) => {
      server.handler = (_request, response) => void response.writeHead(302, { location }).end();
      await refused(
        {},
        `net.safetensors: the server redirects to "${location}", which is no place on the web; check the`,
      );
      expect(server.requests.length).toBe(1);
    },
  );

  test('a name and a password are not sent to the host of a redirect', async () => {
    const other = await testServer((request, response) => serve(bytes, request, response));
    server.handler = (_request, response) =>
      void response.writeHead(307, { location: `${other.url}/net.safetensors` }).end();
    await cached(url().replace('//', '//me:pass@'), { cache });
    expect(server.requests[0]!.headers.authorization).toMatch(/^Basic /);
    expect(other.requests[0]!.headers.authorization).toBeUndefined();
  });
});

test('an abort gives its reason and keeps what came; the next call goes on', async () => {
  const controller = new AbortController();
  server.handler = (request, response, count) => {
    // The first answer never ends.
    if (count > 1) return serve(bytes, request, response, { etag: '"one"' });
    response.writeHead(200, { 'content-length': bytes.length, etag: '"one"' });
    response.write(bytes.subarray(0, 70_000));
  };
  const reason = new Error('enough');
  const onProgress = ({ done }: { done: number }) => done >= 70_000 && controller.abort(reason);
  await expect(get({ signal: controller.signal, onProgress })).rejects.toBe(reason);
  expect((await stat(entry().part)).size).toBe(70_000);
  await get();
  expect(server.requests[1]!.headers.range).toBe('bytes=70000-');
  await isThere();
  await expect(get({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.runIf(process.platform === 'linux')('a full disk', async () => {
  inTurn({ status: 404 });
  await refused({}, 'no such file');
  // Every write to this device fails with ENOSPC.
  await symlink('/dev/full', entry().part);
  inTurn({});
  await refused({}, /net\.safetensors\.part: cannot be written \(no space left on the device\); free the space or/);
});

test('a name and a password of the URL are sent and never stored', async () => {
  const secret = url().replace('//', '//me:pass@');
  await cached(`${secret}?key=secret`, { cache });
  const [{ headers, url: asked } = { headers: {}, url: '' }] = server.requests;
  expect(headers.authorization).toBe(`Basic ${Buffer.from('me:pass').toString('base64')}`);
  expect(asked).toBe('/some/net.safetensors?key=secret');
  const [folder = ''] = await readdir(cache);
  expect(await readFile(join(cache, folder, 'download.json'), 'utf8')).not.toMatch(/pass|secret/);
});
