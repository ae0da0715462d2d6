import { fileURLToPath } from 'node:url';
import { refuseUnknown, UserError } from '@unweather/core-tensor';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserLoaderOf } from './browser/load.js';
import { type LoadOptions, loaderOf, type PictureModel } from './load.js';
import { checkpoints, small } from './test-support.small.js';

const photo = fileURLToPath(new URL('../../datasets/embedded/held-out/city.png', import.meta.url));
const load = loaderOf(small);
let weights: string;
let model: PictureModel;
beforeAll(async () => {
  weights = (await checkpoints()).same;
  model = await load({ weights, threads: 1 });
});
afterAll(() => model.dispose());

/** The call is refused by a UserError with this message. */
async function refused(call: Promise<unknown>, message: string) {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toContain(message);
  expect((error as Error).message.length).toBeLessThan(500);
}

test('options that a call does not have are refused, with the nearest name', async () => {
  const taks = { taks: 'same', weights } as LoadOptions<'same'>;
  await refused(
    load(taks),
    'load has no option "taks"; did you mean task? It has task, weights, weightsKey, architecture, engine',
  );
  await refused(load({ Threads: 2 } as object), 'load has no option "Threads"; did you mean threads?');
  await refused(model.restore(photo, { tiles: 64 } as object), 'restore has no option "tiles"; did you mean tile?');
  const picture = await model.restore(photo);
  await refused(picture.toBuffer('png', { dept: 16 } as object), 'toFile and toBuffer has no option "dept"');
  await refused(picture.toFile('/nowhere/x.png', { qualty: 9 } as object), 'x.png: toFile and toBuffer has no option');
  const browser = browserLoaderOf(small);
  await refused(browser({ weight: new Uint8Array(9) } as never), 'load has no option "weight"; did you mean weights?');
});

test('options that are no object are refused', async () => {
  await refused(load('rain' as never), 'the options of load are "rain" (a string); give an object');
  await refused(load(null as never), 'the options of load are null; give an object');
  await refused(model.restore(photo, [64] as never), 'the options of restore are a list of 1; give an object');
});

test('a value of the wrong type is shown with its type', async () => {
  await refused(
    load({ weights, threads: '2' as never }),
    'threads is "2" (a string); give a whole number of 1 or more',
  );
  await refused(load({ weights, engine: 5 as never }), 'engine is 5; choose one of onnxruntime');
  await refused(load({ weights, device: {} as never }), 'device is an empty object; choose one of');
  await refused(load({ weights, task: ['same'] as never }), 'there is no task a list of 1; choose one of same, small');
  await refused(load({ weights, architecture: 7 as never }), '7 is no place of a file; give a path or a file: URL');
  await refused(load({ weights: 5 as never }), 'weights is 5; give the path or the URL of a file');
  await refused(load({ weights: null as never }), 'weights is null; give the path');
  const restore = (options: object) => model.restore(photo, options);
  await refused(restore({ tile: '64' }), 'city.png: tile is "64" (a string); give "auto" or a whole number');
  await refused(restore({ tile: 64, overlap: '8' }), 'overlap is "8" (a string); give');
  await refused(restore({ batch: '2' }), 'batch is "2" (a string); give the number of tiles');
  await refused(restore({ signal: 5 }), 'signal is 5; give the signal of an AbortController');
  await refused(restore({ onProgress: true }), 'onProgress is true (a boolean); give a function');
  const picture = await model.restore(photo);
  await refused(picture.toBuffer('png', { depth: '16' as never }), 'depth is "16" (a string); give 8 or 16');
  await refused(picture.toBuffer('jpg', { quality: '90' as never }), 'quality is "90" (a string); give a whole number');
  await refused(picture.toFile(5 as never), '5 is no place of a file; give a path or a file: URL');
});

test('ten of many names are listed', () => {
  const known = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`option${i}`, true as const]));
  expect(() => refuseUnknown('f', { optiom3: 1 }, known as never)).toThrow(
    /^f has no option "optiom3"; did you mean option3\? It has option0, .+, option9 and 4 more$/,
  );
});
