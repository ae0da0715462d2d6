import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { Conv2d, initialState } from '@unweather/core-tensor';
import sharp from 'sharp';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ModelEntry } from '../entry.js';
import { RestoredPixels } from '../restored-pixels.js';
import { browserLoaderOf } from './load.js';
import { type BrowserPicture, readBrowserPicture } from './read-input.js';
import { readBrowserWeights } from './read-weights.js';

afterEach(() => vi.unstubAllGlobals());

const same: ModelEntry = {
  name: 'same',
  title: 'A network that gives its input back',
  networks: { Same: { create: () => new Conv2d(3, 3, 1, { bias: false }) } },
  tasks: { rain: { title: 'rain', network: 'Same' } },
};
const load = browserLoaderOf(same);

/** A .safetensors file of the weights of `Same`. */
function weights(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const { data } = initialState(new Conv2d(3, 3, 1, { bias: false }).parameters(), 1).get('weight')!;
  const entry = { dtype: 'F32', shape: [3, 3, 1, 1], data_offsets: [0, 36] };
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, weight: entry }));
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  return Buffer.concat([length, header, new Uint8Array(data.buffer)]);
}

describe('weights', () => {
  test('come from an address, and what it does not give is said', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/there') response.end(weights());
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { bytes } = await readBrowserWeights(`${url}/there`);
    expect(Buffer.from(bytes).equals(weights())).toBe(true);
    const foreign = runInNewContext('Uint8Array.from(bytes)', { bytes: [...weights()] });
    for (const given of [foreign, foreign.buffer, new Blob([weights()]).stream(), new DataView(foreign.buffer)])
      expect(await readBrowserWeights(given)).toEqual({ name: 'the weights', bytes: new Uint8Array(weights()) });
    await expect(readBrowserWeights(`${url}/none`)).rejects.toThrow(
      `${url}/none: cannot be fetched (status 404); check the address`,
    );
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(readBrowserWeights(`${url}/there`)).rejects.toThrow(/cannot be fetched \(.+\); check the address and/);
  });

  test('of another network are refused by the name of their file', async () => {
    const metadata = { format: 'unweather-checkpoint-1', network: 'DuRN_S', step: '0', seed: '1', recipe: '{}' };
    const file = new File([weights(metadata)], 'mine.safetensors');
    await expect(load({ weights: file })).rejects.toThrow(
      'mine.safetensors: it belongs to another network, DuRN_S; use a checkpoint of Same',
    );
    await expect(load({ weights: new File(['text'], 'text.safetensors') })).rejects.toThrow(
      'text.safetensors: not a safetensors file (4 bytes long); use a complete checkpoint',
    );
    const pickled = new File([Uint8Array.of(0x80, 2, 0x4e, 0x2e, 0, 0, 0, 0, 0)], 'weights.pth');
    await expect(load({ weights: pickled })).rejects.toThrow(
      'weights.pth: it is a PyTorch checkpoint, whatever its name; here, only .safetensors is read',
    );
    await expect(load({ weights: new File(['<!doctype html>'], 'x.safetensors') })).rejects.toThrow(
      'x.safetensors: it is a web page (HTML or XML) instead of the file, not weights; download the file itself',
    );
  });

  test('of a task that there is none of', async () => {
    await expect(load({ weights: weights(), task: 'snow' })).rejects.toThrow(
      'there is no task "snow"; choose one of rain',
    );
  });
});

test('WebGPU is refused where the browser gives no GPU', async () => {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
  await expect(load({ weights: weights(), device: 'webgpu' })).rejects.toThrow(
    'this browser offers no GPU through WebGPU; use device "wasm", or another browser',
  );
});

describe('pictures', () => {
  test('come as ImageData', async () => {
    const data = Uint8ClampedArray.from({ length: 16 }, (_, i) => i * 10);
    const { name, decoded } = await readBrowserPicture({ data, width: 2, height: 2 });
    expect([name, [...decoded.picture.data], [...decoded.alpha!]]).toEqual([
      'the ImageData',
      [0, 10, 20, 40, 50, 60, 80, 90, 100, 120, 130, 140],
      [30, 70, 110, 150],
    ]);
  });

  test('of files keep their metadata, and those of several frames are told', async () => {
    const pixels = { data: new Uint8ClampedArray(4 * 4), width: 2, height: 2 };
    vi.stubGlobal('createImageBitmap', async () => ({ width: 2, height: 2, close: () => undefined }));
    const context = { drawImage: () => undefined, getImageData: () => pixels };
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        getContext = () => context;
      },
    );
    const still = sharp({ create: { width: 2, height: 2, channels: 3, background: '#456' } });
    const jpeg = await still
      .clone()
      .withExif({ IFD0: { Copyright: 'Ada 2026' } })
      .jpeg()
      .toBuffer();
    const { decoded } = await readBrowserPicture(new File([new Uint8Array(jpeg)], 'a.jpg'));
    expect(Buffer.from(decoded.metadata!.exif!).toString('latin1')).toContain('Ada 2026');
    const { metadata } = decoded;
    const picture = { width: 2, height: 2, data: new Float32Array(12) };
    const restored = new RestoredPixels({ picture, depth: 8, metadata: metadata! });
    const png = await still.clone().png().toBuffer();
    const { exif } = await sharp(await restored.addMetadata(png)).metadata();
    expect(exif!.toString('latin1')).toContain('Ada 2026');
    expect((await sharp(await restored.addMetadata(png, 'none')).metadata()).exif).toBeUndefined();
    const other = await still.clone().negate().png().toBuffer();
    const gif = await sharp([png, other], { join: { animated: true } })
      .gif()
      .toBuffer();
    const file = new File([new Uint8Array(gif)], 'a.gif');
    await expect(readBrowserPicture(file)).rejects.toThrow(
      'a.gif: has 2 frames, of which a browser decodes the first alone; choose it with { frame: 1 }',
    );
    expect((await readBrowserPicture(file, { frame: 1 })).decoded.picture.width).toBe(2);
    await expect(readBrowserPicture(new File([png], 'b.png'), { frame: 2 })).rejects.toThrow(
      'b.png: there is no frame 2',
    );
  });

  test('of no kind that is known are refused', async () => {
    await expect(readBrowserPicture({} as never)).rejects.toThrow('a picture cannot be read from this; give a File');
  });

  test('come as the bytes of a file, in memory or in a stream, of any realm', async () => {
    const given: Blob[] = [];
    vi.stubGlobal('createImageBitmap', async (file: Blob) => {
      given.push(file);
      throw new Error('no');
    });
    const foreign = runInNewContext('({ bytes: Uint8Array.of(1, 2, 3), buffer: Uint8Array.of(1, 2, 3).buffer })');
    const inputs: [BrowserPicture, string][] = [
      [Uint8Array.of(1, 2, 3), 'the bytes'],
      [foreign.bytes, 'the bytes'],
      [foreign.buffer, 'the bytes'],
      [new DataView(Uint8Array.of(0, 1, 2, 3).buffer, 1), 'the bytes'],
      [new Blob([Uint8Array.of(1, 2, 3)]).stream(), 'the stream'],
      [new File([Uint8Array.of(1, 2, 3)], 'p.png'), 'p.png'],
    ];
    for (const [input, name] of inputs)
      await expect(readBrowserPicture(input)).rejects.toThrow(`${name}: not a picture that this browser can show`);
    for (const file of given) expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([1, 2, 3]);
    expect(given).toHaveLength(inputs.length);
  });

  test('that the browser does not show are refused by their name', async () => {
    vi.stubGlobal('createImageBitmap', async () => {
      throw new Error('The source image could not be decoded.');
    });
    await expect(readBrowserPicture(new File(['text'], 'photo.jpg'))).rejects.toThrow(
      'photo.jpg: not a picture that this browser can show (The source image could not be decoded.); use PNG, JPEG or WebP',
    );
  });
});
