import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import { loaderOf } from './load.js';
import { checkpoints, small } from './test-support.small.js';

const photo = fileURLToPath(new URL('../../datasets/embedded/held-out/city.png', import.meta.url));
const load = loaderOf(small);
let files: Awaited<ReturnType<typeof checkpoints>>;
let bytes: Buffer;
beforeAll(async () => {
  files = await checkpoints();
  bytes = await readFile(files.small);
});

test('weights are the same by path, by URL and as bytes of any kind; nothing stays behind', async () => {
  const before = await readdir(tmpdir());
  const foreign = runInNewContext(`new Uint8Array([${[...bytes].join()}])`) as Uint8Array;
  const exact = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const url = pathToFileURL(files.small);
  const results = [];
  for (const weights of [files.small, url, url.href, bytes, new Uint8Array(bytes), exact, foreign]) {
    const model = await load({ task: 'small', weights, threads: 1 });
    results.push({ weights: model.weights, png: await (await model.restore(photo)).toBuffer('png') });
    await model.dispose();
  }
  for (const { png } of results) expect(png.equals(results[0]!.png)).toBe(true);
  expect(results.map(({ weights }) => weights)).toEqual([
    ...[files.small, files.small, files.small],
    ...['the weights', 'the weights', 'the weights', 'the weights'],
  ]);
  expect(await readdir(tmpdir())).toEqual(before);
});

test('bytes that hold no weights, or those of another network, are named so', async () => {
  const before = await readdir(tmpdir());
  await expect(load({ weights: Buffer.alloc(7_000_000) })).rejects.toThrow(/^the weights: .{1,300}$/);
  await expect(load({ weights: bytes })).rejects.toThrow(
    'the weights: it belongs to another network, small; use a checkpoint of same',
  );
  await expect(load({ weights: new Uint8Array(0) })).rejects.toThrow(/^the weights: .{1,300}$/);
  expect(await readdir(tmpdir())).toEqual(before);
});

test('a hash stated with a file: URL is compared', async () => {
  const url = `${pathToFileURL(files.small).href}#sha256=${'ab'.repeat(32)}`;
  await expect(load({ task: 'small', weights: url })).rejects.toThrow(
    /small\.safetensors: its SHA-256 is .+, expected abab/,
  );
});
