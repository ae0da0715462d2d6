import { execFile } from 'node:child_process';
import { chmod, lstat, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from '@unweather/core-tensor';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openModel, type PictureModel } from './load.js';
import type { RestoredPicture } from './restored-picture.js';
import { temporaryFolder } from './test-support.js';
import { checkpoints, small } from './test-support.small.js';

const photo = fileURLToPath(new URL('../../datasets/embedded/held-out/city.png', import.meta.url));
let files: Awaited<ReturnType<typeof checkpoints>>;
let model: PictureModel;
let picture: RestoredPicture;
beforeAll(async () => {
  files = await checkpoints();
  model = await openModel(small, { task: 'same', weights: files.same, threads: 1 });
  picture = await model.restore(photo);
});
afterAll(() => model.dispose());

test('places are paths and file: URLs, as text and as objects; a path that exists wins', async () => {
  const folder = await temporaryFolder();
  const before = process.cwd();
  process.chdir(folder);
  try {
    const url = pathToFileURL(join(folder, 'a b.png'));
    await picture.toFile(url);
    await picture.toFile(url.href.replace('a%20b', 'c%20d'));
    await picture.toFile('file:x.png');
    const there = await readFile('a b.png');
    for (const name of ['c d.png', 'file:x.png']) expect((await readFile(name)).equals(there)).toBe(true);
    for (const input of [url, url.href, 'file:x.png']) expect((await model.restore(input)).width).toBe(picture.width);
    for (const place of ['file://host/x.png', 'file:///a%2Fb.png', new URL('https://example.org/x.png')]) {
      await expect(picture.toFile(place)).rejects.toBeInstanceOf(UserError);
      if (typeof place === 'string')
        await expect(model.restore(place)).rejects.toThrow('names no file of this machine');
      await expect(openModel(small, { weights: String(place), task: 'same' })).rejects.toBeInstanceOf(UserError);
    }
  } finally {
    process.chdir(before);
  }
});

test('a picture that is replaced keeps its mode and is written through its link', async () => {
  const folder = await temporaryFolder();
  const [real, alias] = [join(folder, 'real.png'), join(folder, 'link.png')];
  await writeFile(real, 'old');
  await chmod(real, 0o640);
  await symlink('real.png', alias);
  await picture.toFile(alias);
  expect((await lstat(alias)).isSymbolicLink()).toBe(true);
  expect((await stat(real)).mode & 0o777).toBe(0o640);
  expect((await sharp(real).metadata()).width).toBe(picture.width);
});

test('a picture’s name may have 255 bytes', async () => {
  const path = join(await temporaryFolder(), `${'x'.repeat(251)}.png`);
  await picture.toFile(path);
  expect((await model.restore(path)).width).toBe(picture.width);
});

test('fifty pictures at a time, with one signal, warn of nothing', async () => {
  const [load, support] = ['load.js', 'test-support.small.js'].map((file) => new URL(file, import.meta.url).href);
  const code = `
    import { openModel } from '${load}';
    import { small } from '${support}';
    const model = await openModel(small, { task: 'same', weights: ${JSON.stringify(files.same)}, threads: 1 });
    const { signal } = new AbortController();
    const input = { data: new Uint8ClampedArray(16 * 16 * 4), width: 16, height: 16 };
    const all = Array.from({ length: 100 }, (_, i) => model.restore(input, i % 2 ? { signal } : {}));
    process.stdout.write(String((await Promise.all(all)).length));
    await model.dispose();`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
  expect([stdout, stderr]).toEqual(['100', '']);
});
