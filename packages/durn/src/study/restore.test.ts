import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cut, initialState, readPicture, type State, writePng, writeSafetensors } from '@unweather/core-tensor';
import { inProcess, temporaryFolder } from '@unweather/testing';
import { beforeAll, expect, test } from 'vitest';
import { DuRN_P } from '../networks/full-resolution.js';

const PHOTO = fileURLToPath(new URL('../../../datasets/embedded/held-out/coffee.png', import.meta.url));
const CLI = new URL('../cli.js', import.meta.url);
const durn = inProcess(CLI);

let place: string;
const RESTORE = ['restore', '--task', 'noise', '--threads', '1'];
beforeAll(async () => {
  place = await temporaryFolder();
  const weights = initialState(new DuRN_P().parameters(), 1);
  const under = (prefix: string): State => new Map([...weights].map(([name, value]) => [`${prefix}.${name}`, value]));
  await writeSafetensors(join(place, 'plain.safetensors'), { tensors: weights, metadata: {} });
  const both = new Map([...under('net_g'), ...under('net_d')]);
  await writeSafetensors(join(place, 'both.safetensors'), { tensors: both, metadata: {} });
  const window = { left: 60, top: 60, width: 48, height: 48 };
  await writePng(join(place, 'photo.png'), cut(await readPicture(PHOTO), window));
  await durn([...RESTORE, 'photo.png', '--weights', 'plain.safetensors', '-o', 'expected.png'], place);
});

const same = async (bytes: Uint8Array) => Buffer.compare(bytes, await readFile(join(place, 'expected.png'))) === 0;

test('--weights-key chooses among the networks of a file', async () => {
  const restore = (...more: string[]) => durn([...RESTORE, 'photo.png', '-o', 'keyed.png', ...more], place);
  const unclear = await restore('--weights', 'both.safetensors');
  expect([unclear.status, unclear.stderr]).toEqual([
    1,
    expect.stringMatching(/below "net_g\." the file holds all of them, .+ choose with --weights-key net_g \(/),
  ]);
  expect((await restore('--weights', 'both.safetensors', '--weights-key', 'net_g')).status).toBe(0);
  expect(await same(await readFile(join(place, 'keyed.png')))).toBe(true);
  const none = await restore('--weights', 'both.safetensors', '--weights-key', 'ema');
  expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('it has no key "ema"')]);
  const alone = await restore('--weights-key', 'net_g');
  expect([alone.status, alone.stderr]).toEqual([1, expect.stringContaining('name the file with --weights')]);
});

/** Restores standard input to standard output, with bytes that a command in this process could not print. */
async function piped(input: Uint8Array, ...more: string[]) {
  const args = [fileURLToPath(CLI), ...RESTORE, '--weights', 'plain.safetensors', '-', ...more];
  const child = spawn(process.execPath, args, { cwd: place });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  child.stdin.on('error', () => undefined).end(input);
  const status = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

test('- is standard input, and standard output', async () => {
  const photo = await readFile(join(place, 'photo.png'));
  const { status, stdout } = await piped(photo, '-o', '-');
  expect([status, await same(stdout)]).toEqual([0, true]);
  const webp = await piped(photo, '-o', '-', '--format', 'webp');
  expect(webp.stdout.subarray(8, 12).toString()).toBe('WEBP');
  // Without -o, the result of standard input has no name but standard output.
  const unnamed = await piped(photo);
  expect([unnamed.status, await same(unnamed.stdout)]).toEqual([0, true]);
  const empty = await piped(new Uint8Array(0), '-o', '-');
  expect([empty.status, empty.stdout.length, empty.stderr]).toEqual([
    1,
    0,
    expect.stringContaining('error: standard input: is empty; send a picture to it\n'),
  ]);
  await writeFile(join(place, '-'), photo);
  expect((await durn([...RESTORE, './-', '--weights', 'plain.safetensors', '-o', 'dash.png'], place)).status).toBe(0);
  expect(await same(await readFile(join(place, 'dash.png')))).toBe(true);
});
