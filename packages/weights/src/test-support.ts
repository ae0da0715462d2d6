import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll } from 'vitest';
import type { Card } from './card/card.js';

export { temporaryFolder } from '../../../vitest/folder.js';

/** Polls until a condition holds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(5);
}

/** Size of a file in bytes; 0 if it does not exist. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Generates bytes that vary. */
export const someBytes = (length: number, seed = 1) =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 17 + seed * 101) % 256));

/** Generates a .safetensors file of varying bytes. @param length of the file, a multiple of 8 */
export function someWeights(length: number, seed = 1): Buffer {
  const HEADER = 96;
  const data = someBytes(length - 8 - HEADER, seed);
  const header = { weight: { dtype: 'F32', shape: [data.length / 4], data_offsets: [0, data.length] } };
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(HEADER));
  return Buffer.concat([size, Buffer.from(JSON.stringify(header).padEnd(HEADER)), data]);
}

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server on loopback that records the headers of its requests. */
export interface TestServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  handler: Handler;
}

export async function testServer(handler: Handler): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    test.handler(request, response, requests.length);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const test = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, handler };
  return test;
}

export interface Serving {
  readonly etag?: string;
  /** Number of bytes of this answer after which the connection is cut. */
  readonly cut?: number;
  /** Waits until `bytes` bytes of the file have arrived; by default does not wait, and some may be lost. */
  readonly arrived?: (bytes: number) => Promise<void>;
  readonly ranges?: boolean;
}

/** Serves a file as servers do: whole, or from a byte on if If-Range names its ETag. */
export function serve(
  bytes: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  { etag, cut, arrived = () => Promise.resolve(), ranges = true }: Serving = {},
): void {
  const { range, 'if-range': ifRange } = request.headers;
  const start = ranges && range !== undefined && ifRange === etag ? Number(/\d+/.exec(range)) : 0;
  if (etag !== undefined) response.setHeader('etag', etag);
  if (start > 0 && start >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  if (start > 0) response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  const body = bytes.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': body.length });
  if (cut === undefined || cut >= body.length) response.end(body);
  else {
    response.flushHeaders();
    if (cut > 0) response.write(body.subarray(0, cut));
    void arrived(start + cut).then(() => response.destroy());
  }
}

export const sampleCard: Card = {
  title: 'DuRN_S, rain streaks',
  weights: 'ab'.repeat(32),
  data: 'Photographs.',
  training: { recipe: { name: 'quick' }, steps: 10, seed: 1 },
  ...{ licence: 'CC0-1.0', notGoodFor: 'Snow.' },
  measured: [
    {
      ...{ on: 'embedded', pictures: 15, psnrIn: 22.614, psnr: 27.568, ssim: 0.87654 },
      ...{ protocol: 'durn-rain', date: '2026-11-21T12:00:00.000Z' },
    },
  ],
  protocols: [{ name: 'durn-rain', description: 'Y of bytes.' }],
};
