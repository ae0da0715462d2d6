import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '@unweather/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, unweather, writePhoto, writeWeights } from '../test-support.js';

const RESTORE = ['restore', '-m', 'durn:noise', '--threads', '1'];
const BIN = fileURLToPath(new URL('../../bin/unweather.js', import.meta.url));

let place: string;
beforeAll(async () => {
  place = await temporaryFolder();
  await writeWeights(place, 'noise');
  await writePhoto(join(place, 'a.png'), 16);
});
const restore = (...args: string[]) => unweather([...RESTORE, ...args], place);

/** Makes a folder with copies of the photograph. */
async function folderOf(name: string, ...names: (string | Buffer)[]): Promise<string> {
  await mkdir(join(place, name));
  const photo = await sharp(join(place, 'a.png')).toBuffer();
  for (const file of names)
    await writeFile(Buffer.concat([Buffer.from(join(place, name, '/')), Buffer.from(file)]), photo);
  return name;
}

describe.skipIf(process.platform === 'win32')('on systems whose names are bytes', () => {
  test('control characters in names neither steer a terminal nor break a line', async () => {
    const folder = await folderOf('control', 'new\nline.png', 'esc\x1b[31m.png');
    const { status, stdout } = await restore(folder, '-o', 'control-out');
    expect(status).toBe(0);
    expect(stdout).toContain('control/esc\\u{1b}[31m.png → control-out/esc\\u{1b}[31m.png (16×16)');
    expect(stdout).toContain('control/new\\u{a}line.png → ');
    expect(await filesIn(join(place, 'control-out'))).toEqual(['esc\x1b[31m.png', 'new\nline.png']);
  });

  test('a name that is not UTF-8 is told as that, and the others go on', async () => {
    const folder = await folderOf('latin', Buffer.from('caf\xe9.png', 'latin1'), 'ok.png');
    const { status, stderr } = await restore(folder, '-o', 'latin-out');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^failed: latin\/caf�\.png: cannot be read \(no such file, since its name is not UTF-8: rename/,
      ),
    ]);
    expect(await filesIn(join(place, 'latin-out'))).toEqual(['ok.png']);
  });

  test('pipes in a folder are not waited for; one that is named is read', async () => {
    const folder = await folderOf('pipes', 'ok.png');
    for (const name of ['pipe', 'pipe.png']) execFileSync('mkfifo', [join(place, folder, name)]);
    const { status, stdout } = await restore(folder, '-o', 'pipes-out');
    expect(status).toBe(0);
    expect(stdout).toContain(
      '2 files are left out as no pictures: pipes/pipe (is a pipe, a socket or a device, not a file), pipes/pipe.png (',
    );
    const named = `cat a.png | "${process.execPath}" "${BIN}" ${RESTORE.join(' ')} /dev/stdin -o named.png`;
    await promisify(execFile)('sh', ['-c', named], { cwd: place });
    expect((await sharp(join(place, 'named.png')).metadata()).width).toBe(16);
  });

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be read does not stop the others', async () => {
    const folder = await folderOf('closed', 'ok.png');
    const inside = join(place, folder, 'lost+found');
    await mkdir(inside, { mode: 0 });
    const { status, stdout } = await restore(folder, '-r', '-o', 'closed-out');
    await chmod(inside, 0o700);
    await rm(inside, { recursive: true });
    expect(status).toBe(0);
    expect(stdout).toContain('left out as no pictures: closed/lost+found (cannot be read (permission denied)');
  });

  test('a full disk under the output is one line, and the pictures are written', async () => {
    const run = (args: string) =>
      promisify(execFile)(
        'sh',
        ['-c', `"${process.execPath}" "${BIN}" ${RESTORE.join(' ')} a.png ${args} >/dev/full`],
        {
          cwd: place,
        },
      ).catch((thrown: unknown) => thrown);
    const told = 'standard output: cannot be written (no space left on the device)';
    expect(await run('-o full.png')).toMatchObject({ code: 1, stderr: `error: ${told}; send it to another place\n` });
    expect((await sharp(join(place, 'full.png')).metadata()).width).toBe(16);
    expect(await run('-o -')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`failed: ${told}; write to a`),
    });
  });
});

test('a file whose name begins with a dash is named by ./', async () => {
  await writePhoto(join(place, '-rain.png'), 16);
  const { status, stderr } = await restore('-rain.png', '-o', 'dash.png');
  expect([status, stderr]).toEqual([2, "error: unknown option '-ain.png' (the file -rain.png is ./-rain.png)\n"]);
  expect((await restore('./-rain.png', '-o', 'dash.png')).status).toBe(0);
});

test('a picture of a few pixels is restored, and one that a format does not hold is told before the work', async () => {
  await sharp({ create: { width: 3, height: 1, channels: 3, background: '#456' } })
    .png()
    .toFile(join(place, 'tiny.png'));
  await sharp({ create: { width: 17_000, height: 8, channels: 3, background: '#456' } })
    .png()
    .toFile(join(place, 'wide.png'));
  expect((await restore('tiny.png', '-o', 'tiny-out.png')).status).toBe(0);
  const { width, height } = await sharp(join(place, 'tiny-out.png')).metadata();
  expect([width, height]).toEqual([3, 1]);
  const { status, stderr } = await restore('wide.png', '-o', 'wide.webp', '--log', 'jsonl');
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(
      /^failed: wide\.webp: webp stores at most 16383 pixels a side, and this picture has 17000×8; /,
    ),
  ]);
});
