import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@unweather/testing';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { eventsOf, filesIn, truncated, unweather, writePhoto, writeWeights } from '../test-support.js';

let place: string;
beforeAll(async () => {
  place = await temporaryFolder();
  await writeWeights(place, 'noise');
  await writePhoto(join(place, 'a.png'));
  await writePhoto(join(place, 'b.jpg'));
  await unweather([...RESTORE, 'a.png', '-o', 'expected.png'], place);
});

const BIN = fileURLToPath(new URL('../../bin/unweather.js', import.meta.url));
const RESTORE = ['restore', '-m', 'durn:noise', '--threads', '1'];

/** Runs the command with bytes on its standard input. */
async function piped(input: Uint8Array | string, args: readonly string[], use?: (child: ChildProcess) => void) {
  const child = spawn(process.execPath, [BIN, ...RESTORE, ...args], { cwd: place });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  child.stdin.on('error', () => undefined).end(input);
  use?.(child);
  const status = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

test('a picture goes in and out by standard streams, in the format that is named; what is told goes to stderr', async () => {
  const input = await readFile(join(place, 'a.png'));
  const { status, stdout, stderr } = await piped(input, ['-', '-o', '-', '--format', 'png']);
  expect(status).toBe(0);
  expect(stdout.equals(await readFile(join(place, 'expected.png')))).toBe(true);
  expect(stderr).toMatch(/^durn:noise .+\n1\/1 - → - \(48×48\)\n1 restored in .+ s\n$/);
  const webp = await piped(input, ['-', '-o', '-', '--format', 'webp', '--log', 'jsonl']);
  expect((await sharp(webp.stdout).metadata()).format).toBe('webp');
  expect(eventsOf({ status: 0, stdout: webp.stderr, stderr: '' }).at(-1)).toMatchObject({ event: 'end', restored: 1 });
});

test('a file goes to standard output in its own format, and standard input to a file', async () => {
  const jpeg = await piped('', ['b.jpg', '-o', '-']);
  expect([jpeg.status, (await sharp(jpeg.stdout).metadata()).format]).toEqual([0, 'jpeg']);
  const file = await piped(await readFile(join(place, 'a.png')), ['-', '-o', 'from-stdin.png']);
  expect(file.status).toBe(0);
  expect((await readFile(join(place, 'from-stdin.png'))).equals(await readFile(join(place, 'expected.png')))).toBe(
    true,
  );
});

test('frames and metadata go through standard streams', { tags: 'whole' }, async () => {
  const photo = await readFile(join(place, 'a.png'));
  const animated = await sharp([photo, await sharp(photo).negate().png().toBuffer()], { join: { animated: true } })
    .gif()
    .toBuffer();
  await writeFile(join(place, 'anim.gif'), animated);
  const framesOf = async (file: Buffer) => (await sharp(file).metadata()).pages ?? 1;
  for (const [args, frames] of [
    [['-', '-o', '-', '--format', 'webp'], 2],
    [['-', '-o', '-', '--format', 'png', '--frame', '2'], 1],
    [['anim.gif', '-o', '-'], 2],
  ] as const) {
    const { status, stdout } = await piped(animated, args);
    expect([status, await framesOf(stdout)]).toEqual([0, frames]);
  }
  const one = await piped(animated, ['-', '-o', '-', '--format', 'png']);
  expect([one.status, one.stdout.length]).toEqual([1, 0]);
  expect(one.stderr).toMatch(/failed: .*png stores one frame, and this picture has 2/);
  const named = await sharp(photo)
    .withExif({ IFD0: { Copyright: 'Ada' } })
    .png()
    .toBuffer();
  for (const [metadata, kept] of [
    ['copyright', true],
    ['none', false],
  ] as const) {
    const { stdout } = await piped(named, ['-', '-o', '-', '--format', 'png', '--metadata', metadata]);
    expect((await sharp(stdout).metadata()).exif !== undefined).toBe(kept);
  }
});

test('a file called - is ./-', async () => {
  await writeFile(join(place, '-'), await readFile(join(place, 'a.png')));
  expect(await piped('', ['./-', '-o', 'dash.png'])).toMatchObject({ status: 0 });
  expect((await readFile(join(place, 'dash.png'))).equals(await readFile(join(place, 'expected.png')))).toBe(true);
});

test('a reader that stops early is no error', async () => {
  const ended = await piped(await readFile(join(place, 'a.png')), ['-', '-o', '-', '--format', 'tiff'], (child) => {
    child.stdout!.destroy();
  });
  expect(ended).toMatchObject({ status: 0, stderr: expect.stringMatching(/\n1 restored in/) });
});

test('what cannot be done is told in one line, with nothing on standard output', async () => {
  const before = await filesIn(place);
  const told = async (input: Uint8Array | string, args: string[], status: number, message: RegExp) => {
    const ended = await piped(input, args);
    expect([ended.status, ended.stdout.length]).toEqual([status, 0]);
    expect(ended.stderr).toMatch(message);
  };
  await told('', ['-', '-o', '-'], 2, /^error: standard output has no name; give its format with --format png, jpg/);
  await told('', ['-', '-o', 'out'], 2, /^error: standard input has no name; give the file to write with -o, or - for/);
  await told('', ['a.png', 'b.jpg', '-o', '-'], 2, /^error: standard output takes one picture; give one file, or a/);
  await told(
    '',
    ['a.png', '-o', '-', '--format', 'webp', '--depth', '16'],
    2,
    /--depth 16 works with PNG and TIFF only/,
  );
  await told(
    '',
    ['-', '-o', '-', '--format', 'png'],
    1,
    /failed: standard input: is empty; send a picture to it\nerror: the picture/,
  );
  await told(
    await truncated(),
    ['-', '-o', '-', '--format', 'png'],
    1,
    /failed: standard input: not a readable picture .+\nerror: the/,
  );
  expect(await filesIn(place)).toEqual(before);
});
