import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePng } from '@unweather/core-tensor';
import { temporaryFolder } from '@unweather/testing';
import { beforeAll, expect, test } from 'vitest';
import { started } from './killed.js';

/** Clears the screen, is markup, breaks out of attributes, turns the rest of its line round. */
const EVIL = '\u001b[2J\u001b]0;x\u0007<img src=x onerror=alert(1)>"\'&\u202egnp\u009b31m';
const STEERING = /[\p{Cc}\u202a-\u202e]/u;
const WEIGHTS = fileURLToPath(new URL('../../packages/aecr/weights/haze.safetensors', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = join(await temporaryFolder(), EVIL);
  await mkdir(folder);
  const picture = { width: 48, height: 40, data: Uint8Array.from({ length: 48 * 40 * 3 }, (_, i) => (i * 7) % 256) };
  await writePng(join(folder, `${EVIL}.png`), picture);
  await writeFile(join(folder, `broken ${EVIL}.png`), 'no picture');
  const names = [`${EVIL}.png`, `${EVIL}.png`];
  await writeFile(join(folder, 'meta.json'), JSON.stringify([names]));
  await writeFile(join(folder, 'broken.json'), JSON.stringify([names, [`broken ${EVIL}.png`, `${EVIL}.png`]]));
});

/** Runs a command; its output must not steer a terminal. */
async function ran(cli: string, ...args: string[]): Promise<{ status: number | null; output: string }> {
  const cwd = await temporaryFolder();
  const { status, output } = await started({ cli: `packages/${cli}/dist/cli.js`, args, cwd }).ended;
  expect(output.replaceAll('\n', '')).not.toMatch(STEERING);
  return { status, output };
}

test.each<[string, () => readonly [string, ...string[]], number]>([
  ['a missing folder', () => ['unweather', 'restore', `${folder}x`, '--model', 'haze', '-o', folder], 2],
  ['a missing file of weights', () => ['weights', 'path', join(folder, 'x.pth')], 1],
  ['an unknown command', () => ['weights', EVIL], 1],
  ['a broken meta file', () => ['aecr', 'eval', '--data', join(folder, 'broken.json'), '--weights', WEIGHTS], 1],
  ['a folder of results', () => ['report', 'html', '--results', folder], 1],
  ['a download that is none', () => ['datasets', 'prepare', 'its-h5', '--root', folder], 1],
])('messages about %s escape its name', async (_what, command, expected) => {
  const { status, output } = await ran(...command());
  expect([status, output]).toEqual([expected, expect.stringContaining('u{1b}[2J')]);
});

test('folders, evaluations and pages show names as words', { tags: 'whole' }, async () => {
  const out = join(await temporaryFolder(), 'out');
  const restored = await ran('unweather', 'restore', folder, '--model', 'haze', '--threads', '1', '-o', out);
  expect([restored.status, restored.output]).toEqual([1, expect.stringContaining('u{1b}[2J')]);
  expect(await readdir(out)).toHaveLength(1);
  const results = join(await temporaryFolder(), 'results');
  const args = ['eval', '--data', join(folder, 'meta.json'), '--weights', WEIGHTS, '--threads', '1', '--out', results];
  expect((await ran('aecr', ...args)).status).toBe(0);
  expect((await ran('report', 'html', '--results', results)).status).toBe(0);
  const page = await readFile(join(results, 'report.html'), 'utf8');
  expect(page).toContain('&#60;img src=x');
  expect(page).not.toContain('<img src=x');
  const { status, output } = await ran('report', 'markdown', '--results', results);
  expect(status).toBe(0);
  // Markdown's own escape.
  expect(output).toContain('\\<img src=x');
  expect(output).not.toMatch(/(?<!\\)<img/);
});
