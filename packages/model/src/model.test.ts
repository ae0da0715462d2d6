import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { loaderOf, openModel, type PictureModel } from './load.js';
import { Model } from './model.js';
import { checkpoints, small } from './test-support.small.js';

const photo = fileURLToPath(new URL('../../datasets/embedded/held-out/coffee.png', import.meta.url));
let files: Awaited<ReturnType<typeof checkpoints>>;
beforeAll(async () => {
  files = await checkpoints();
});

async function using<T>(task: 'same' | 'small', use: (model: PictureModel) => Promise<T>): Promise<T> {
  const model = await openModel(small, { task, weights: files[task], threads: 1 });
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

test('one session serves many pictures, at the same time and after one another', async () => {
  await using('small', async (model) => {
    expect([model.network, model.receptiveRadius, model.engine]).toEqual(['small', 4, 'onnxruntime-node cpu']);
    const whole = (await model.restore(photo)).toFloat32();
    const together = await Promise.all([
      model.restore(photo, { tile: 64 }),
      model.restore(photo, { tile: 100, batch: 2 }),
    ]);
    for (const out of together) {
      const { data, shape } = out.toFloat32();
      expect(shape).toEqual(whole.shape);
      expect(data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - whole.data[i]!)), 0)).toBeLessThan(1e-5);
    }
  });
});

test('the thread stays free: a timer of 5 ms keeps firing while a picture is restored and written', async () => {
  await using('small', async (model) => {
    const png = await sharp(photo).resize(1600, 1200, { fit: 'fill' }).png().toBuffer();
    const start = performance.now();
    let [last, largest, count] = [start, 0, 0];
    const timer = setInterval(() => {
      const now = performance.now();
      [largest, last, count] = [Math.max(largest, now - last), now, count + 1];
    }, 5);
    const out = await model.restore(png, { tile: 1600 });
    await out.toBuffer('png', { depth: 16 });
    clearInterval(timer);
    expect(count).toBeGreaterThan(20);
    // A run of the network takes more than half of the time in one piece.
    expect(largest).toBeLessThan((last - start) / 2);
  });
});

test('an abort gives its reason, before the start and in the middle, and the model stays usable', async () => {
  await using('small', async (model) => {
    const reason = new Error('enough');
    await expect(model.restore(photo, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(model.restore(photo, { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    const controller = new AbortController();
    const onProgress = () => controller.abort(reason);
    await expect(model.restore(photo, { tile: 64, signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect((await model.restore(photo)).width).toBeGreaterThan(0);
  });
});

test('after dispose it says so, in what runs too; disposing again is no error', async () => {
  const model = await openModel(small, { task: 'small', weights: files.small, threads: 1 });
  const ended = /the model has been disposed of; load it again/;
  const running = model.restore(photo, { tile: 32, onProgress: () => void model.dispose() });
  await expect(running).rejects.toThrow(ended);
  await expect(model.restore(photo)).rejects.toThrow(ended);
  await model.dispose();
  await model[Symbol.asyncDispose]();
});

test('a program that disposes of nothing ends all the same', async () => {
  const [load, small] = ['load.js', 'test-support.small.js'].map((file) => new URL(file, import.meta.url).href);
  const code = `
    import { openModel } from '${load}';
    import { small } from '${small}';
    const model = await openModel(small, { task: 'small', weights: ${JSON.stringify(files.small)}, threads: 1 });
    process.stdout.write(String((await model.restore(${JSON.stringify(photo)})).width));`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    timeout: 600_000,
  });
  expect(Number((await run).stdout)).toBeGreaterThan(0);
});

test('files are written in the format of their ending, or not at all', async () => {
  await using('same', async (model) => {
    const out = await model.restore(photo);
    const path = (name: string) => join(files.folder, 'out', name);
    for (const [ending, format] of [
      ['png', 'png'],
      ['jpg', 'jpeg'],
      ['webp', 'webp'],
      ['avif', 'heif'],
      ['tif', 'tiff'],
    ])
      await out.toFile(path(`x.${ending}`)).then(async () => {
        const written = await sharp(path(`x.${ending}`)).metadata();
        expect([written.format, written.width, written.height]).toEqual([format, out.width, out.height]);
      });
    await out.toFile(pathToFileURL(path('y.png')), { depth: 16 });
    expect((await sharp(path('y.png')).metadata()).depth).toBe('ushort');
    await expect(out.toFile(path('x.bmp'))).rejects.toThrow(/x\.bmp: the name must end in \.png, \.jpg/);
    await expect(out.toFile(path('z.jpg'), { depth: 16 })).rejects.toThrow(
      /z\.jpg: jpg cannot store 16 bits per channel/,
    );
    expect((await readdir(path('.'))).sort()).toEqual(['x.avif', 'x.jpg', 'x.png', 'x.tif', 'x.webp', 'y.png']);
  });
});

test('alpha goes through untouched, upright', async () => {
  await using('small', async (model) => {
    const rgba = Buffer.from(Uint8Array.from({ length: 20 * 10 * 4 }, (_, i) => (i * 53) % 256));
    const turned = await sharp(rgba, { raw: { width: 20, height: 10, channels: 4 } })
      .webp({ lossless: true })
      .withMetadata({ orientation: 3 })
      .toBuffer();
    const { data, width, height } = (await model.restore(turned)).toImageData();
    expect([width, height]).toEqual([20, 10]);
    const alphas = [...data].filter((_, i) => i % 4 === 3);
    expect(alphas).toEqual([...rgba].filter((_, i) => i % 4 === 3).reverse());
  });
});

test('what load cannot open is told with a remedy', async () => {
  const load = loaderOf<'same' | 'small'>(small);
  const refused = (options: Parameters<typeof load>[0], message: RegExp) =>
    expect(load(options)).rejects.toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringMatching(message) }),
    );
  await refused(
    {},
    /^paper, same: there are no weights \(no runs\/paper\/same-quick\/checkpoint\.safetensors, and the package carries none\); train some with "npx nx run paper:train -- --task same", or give some by load\(\{ weights \}\): a file, a URL, or a package of weights$/,
  );
  await refused(
    { weights: files.small },
    /small\.safetensors: it belongs to another network, small; use a checkpoint of same/,
  );
  await refused(
    { task: 'small', weights: files.same },
    /same\.safetensors: tensor ".+" is missing \(.+\); the file holds "weight"; use a checkpoint of small/,
  );
  await refused({ weights: photo }, /coffee\.png: it is a picture \(PNG\), not weights; use a \.safetensors/);
  await refused({ task: 'fog' as 'same' }, /there is no task "fog"; choose one of same, small/);
  await refused({ device: 'gpu' as 'cpu' }, /there is no device "gpu"; choose one of cpu, /);
  await refused(
    { engine: 'torch' as 'tfjs' },
    /there is no engine "torch"; choose one of onnxruntime, onnxruntime-web, tfjs/,
  );
  await refused({ threads: 0 }, /threads is 0; give a whole number of 1 or more/);
});

test('options of restore that are out of range are told with the picture’s name; small pictures are restored', async () => {
  await using('small', async (model) => {
    const refused = (options: object, message: string) =>
      expect(model.restore(photo, options)).rejects.toThrow(message);
    await refused({ tile: 4 }, 'coffee.png: tile is 4; give "auto" or a whole number of at least 8 pixels');
    await refused({ tile: 64, overlap: 40 }, 'overlap is 40; give a whole number from 0 to half of the tile, 32');
    await refused({ batch: -1 }, 'batch is -1; give the number of tiles at a time, 1 or more');
    const tiny = { data: new Uint8ClampedArray(4 * 30), width: 5, height: 6 };
    const { width, height } = await model.restore(tiny);
    expect([width, height]).toEqual([5, 6]);
  });
});

test('a result of NaN or infinities is refused by the picture’s name', async () => {
  const data = Float32Array.of(0, 0, 0, 0, Number.NaN, 0);
  const restorer = {
    receptiveRadius: 0,
    restore: async () => ({ width: 2, height: 1, data }),
    dispose: async () => undefined,
  };
  const decoded = { picture: { width: 2, height: 1, data: new Uint8Array(6) }, depth: 8 } as const;
  const about = { network: 'x', weights: 'w', engine: 'y', threads: 1 };
  const parts = { ...about, restorer, read: async () => ({ name: 'a.jpg', decoded }) };
  const model = new Model<string, object>({ ...parts, give: (restored) => restored });
  await expect(model.restore('a.jpg')).rejects.toThrow(
    'a.jpg: the restored picture contains NaN in channel 1, row 0, column 1, which is no colour; check the weights',
  );
});

test('every frame of an animation is restored, with its progress; one can be chosen', async () => {
  await using('same', async (model) => {
    const frames = [10, 120, 250].map((value) => ({
      create: { width: 12, height: 10, channels: 3 as const, background: { r: value, g: value, b: value } },
    }));
    const pngs = await Promise.all(frames.map((frame) => sharp(frame).png().toBuffer()));
    const animated = await sharp(pngs, { join: { animated: true } })
      .webp({ lossless: true, delay: [40, 50, 60], loop: 2 })
      .toBuffer();
    const progress: number[] = [];
    const out = await model.restore(animated, { onProgress: ({ done, total }) => progress.push(done / total) });
    expect([out.frames, progress]).toEqual([3, [1 / 3, 2 / 3, 1]]);
    expect([1, 2, 3].map((frame) => out.toImageData(frame).data[0])).toEqual([10, 120, 250]);
    expect(out.toFloat32(2).data[0]).toBeCloseTo(120 / 255, 5);
    expect(() => out.toImageData(4)).toThrow('there is no frame 4; give a number from 1 to 3');
    expect(await sharp(await out.toBuffer('webp')).metadata()).toMatchObject({
      pages: 3,
      delay: [40, 50, 60],
      loop: 2,
    });
    await expect(out.toBuffer('png')).rejects.toThrow('png stores one frame, and this picture has 3');
    const second = await model.restore(animated, { frame: 2 });
    expect([second.frames, second.toImageData().data[0]]).toEqual([1, 120]);
    const rolled = await model.restore(sharp(animated, { animated: true }));
    expect([rolled.frames, rolled.toImageData(3).data[0]]).toEqual([3, 250]);
  });
});

test('where the engine finds too little memory, smaller tiles are proposed', async () => {
  const restorer = {
    receptiveRadius: 0,
    restore: () => Promise.reject(new Error('Failed to allocate memory for requested buffer of size 9')),
    dispose: async () => undefined,
  };
  const decoded = { picture: { width: 2, height: 3, data: new Uint8Array(18) }, depth: 8 } as const;
  const about = { network: 'x', weights: 'w', engine: 'y', threads: 1 };
  const parts = { ...about, restorer, read: async () => ({ name: 'big.jpg', decoded }) };
  const model = new Model<string, object>({ ...parts, give: (restored) => restored });
  await expect(model.restore('big.jpg')).rejects.toThrow(
    /^big\.jpg: too little memory for 2×3 pixels \(.+\); use smaller tiles, for instance tile 512/,
  );
});
