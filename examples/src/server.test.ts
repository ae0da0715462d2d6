import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { type Ended, runnerOf, temporaryFolder } from '@unweather/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gain, type Rainy, writeRainy } from './rainy.js';

const LIMITS = ['--bytes', '100000', '--pixels', '16384', '--waiting', '0'];
let folder: string;
let rainy: Rainy;
let photo: Buffer<ArrayBuffer>;
let address: string;
let server: ChildProcess;
let ended: Promise<Ended>;

beforeAll(async () => {
  folder = await temporaryFolder();
  rainy = (await writeRainy(folder, 1))[0]!;
  photo = Buffer.from(await readFile(rainy.file));
  const run = runnerOf(new URL('../server.mjs', import.meta.url));
  [address, server] = await new Promise((resolve, reject) => {
    ended = run(['--port', '0', ...LIMITS], (line, child) => {
      const [found] = /^http:\S+\/restore/.exec(line) ?? [];
      if (found !== undefined) resolve([found, child]);
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
});
afterAll(() => {
  server?.kill('SIGKILL');
});

const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(address, { method: 'POST', body, headers: { 'content-type': 'image/png', ...headers } });
const form = (field: string, content: Uint8Array<ArrayBuffer>) => {
  const body = new FormData();
  body.append(field, new Blob([content]), 'photo.png');
  return fetch(address, { method: 'POST', body, headers: { accept: 'image/jpeg' } });
};

test('a body comes back restored, as PNG', async () => {
  const response = await send(photo);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
  const clean = join(folder, 'body.png');
  await writeFile(clean, Buffer.from(await response.arrayBuffer()));
  expect(await gain(rainy, clean)).toBeGreaterThan(3);
});

test('a form’s photograph comes back restored, as JPEG where that is asked for', async () => {
  const response = await form('photo', photo);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const clean = join(folder, 'form.jpg');
  await writeFile(clean, Buffer.from(await response.arrayBuffer()));
  expect(await gain(rainy, clean)).toBeGreaterThan(3);
});

test('what cannot be restored is refused, by status and in words', async () => {
  const plain = { create: { width: 160, height: 160, channels: 3, background: 'grey' } } as const;
  const refused = async (sent: Promise<Response>, status: number, text: RegExp) => {
    const response = await sent;
    expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(text)]);
  };
  await refused(send('no picture'), 422, /^the upload is not a readable picture \(.+\)\n$/);
  await refused(send(photo.subarray(0, 3000)), 422, /^the bytes: not a readable picture \(.+\); give another one\n$/);
  await refused(send(await sharp(plain).png().toBuffer()), 413, /^160×160 pixels are more than 16384; send a smaller/);
  await refused(send(Buffer.alloc(100_001)), 413, /too large/);
  await refused(form('photo', Buffer.alloc(100_001)), 413, /too large/);
  await refused(form('picture', photo), 400, /Unexpected file field/);
  await refused(send('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"/>'), 415, /^svg is not taken/);
  await refused(send('a=1', { 'content-type': 'text/plain' }), 415, /^send the picture as the body/);
  await refused(send(photo, { accept: 'text/html' }), 406, /^image\/png and image\/jpeg/);
});

test('where all places are taken the next is refused before it is read, and the first is served', async () => {
  const headers = { 'content-type': 'image/png', 'content-length': photo.length, expect: '100-continue' };
  const slow = request(address, { method: 'POST', headers });
  slow.flushHeaders();
  // The server has seen the head of this request, and waits for its body.
  await once(slow, 'continue');
  expect((await send(photo)).status).toBe(503);
  const answered = once(slow, 'response');
  slow.end(photo);
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  response.resume();
  await once(response, 'end');
});

test('a client that hangs up gives its place back', async () => {
  const headers = { 'content-type': 'image/png', 'content-length': photo.length, expect: '100-continue' };
  const slow = request(address, { method: 'POST', headers });
  slow.on('error', () => undefined).flushHeaders();
  await once(slow, 'continue');
  slow.destroy();
  // Requests are refused until the server has noticed.
  let { status } = await send(photo);
  while (status === 503) ({ status } = await send(photo));
  expect(status).toBe(200);
});

test('a signal ends the server when what has begun is answered', { tags: 'whole' }, async () => {
  const headers = { 'content-type': 'image/png', 'content-length': photo.length, expect: '100-continue' };
  const slow = request(address, { method: 'POST', headers });
  slow.flushHeaders();
  await once(slow, 'continue');
  server.kill('SIGTERM');
  const answered = once(slow, 'response');
  slow.end(photo);
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  response.resume();
  expect(await ended).toMatchObject({ status: 0, stderr: '' });
});
