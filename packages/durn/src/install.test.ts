import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cut, initialState, readPicture, writeCheckpoint, writePng } from '@unweather/core-tensor';
import { runnerOf, temporaryFolder } from '@unweather/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuRN_S } from './networks/full-resolution.js';
import { addressOf, openRegistry } from './test-support.registry.js';

// What `npm install @unweather/durn` gives where onnxruntime-node’s install script fails, as it does on machines that
// reach nothing but the registry.

const photo = new URL('../../datasets/embedded/held-out/coffee.png', import.meta.url);

let folder: string;
let project: string;
let registry: Server;
const at = (name: string) => join(folder, name);

/** Nothing of the npm that runs these tests, nor of the user’s settings. */
function environment() {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|node_options|init_cwd)/i.test(name));
  return { ...Object.fromEntries(own), HOME: folder, USERPROFILE: folder };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  project = at('project');
  await mkdir(project);
  registry = await openRegistry(folder, 'onnxruntime-node');
  await writeFile(join(project, 'package.json'), '{ "name": "empty", "private": true }');
  const settings = ['--registry', addressOf(registry), '--cache', at('cache'), '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', ['install', '@unweather/durn', ...settings], {
    cwd: project,
    env: environment(),
    shell: process.platform === 'win32',
  });
  const picture = await readPicture(fileURLToPath(photo));
  await writePng(at('photo.png'), cut(picture, { left: 40, top: 30, width: 72, height: 56 }));
  const weights = initialState(new DuRN_S().parameters(), 1);
  await writeCheckpoint(at('random.safetensors'), 'DuRN_S', weights, { step: 0, seed: 1, recipe: {} });
});

afterAll(() => registry?.close());

const installed = () => runnerOf(new URL(`file://${project}/node_modules/@unweather/durn/dist/cli.js`));
const restore = (out: string) => ['restore', at('photo.png'), '--weights', at('random.safetensors'), '--out', at(out)];

test('npm goes on without onnxruntime-node, and a photograph comes out as by native code', async () => {
  expect(existsSync(join(project, 'node_modules/onnxruntime-node'))).toBe(false);
  const { status, stderr } = await installed()(restore('wasm.png'), undefined, project);
  expect(stderr.trim()).toMatch(
    /^onnxruntime-web's WebAssembly computes, .+ onnxruntime-node cannot be loaded \(.+\); install it with "npm install onnxruntime-node --ignore-scripts"$/,
  );
  expect(status).toBe(0);
  expect(await runnerOf(new URL('./cli.js', import.meta.url))(restore('native.png'))).toMatchObject({
    status: 0,
    stderr: '',
  });
  const [wasm, native] = [await readPicture(at('wasm.png')), await readPicture(at('native.png'))];
  expect([wasm.width, wasm.height]).toEqual([72, 56]);
  expect(wasm.data.reduce((a, value, i) => Math.max(a, Math.abs(value - native.data[i]!)), 0)).toBeLessThanOrEqual(1);
});

test('training says that it needs the native engine', async () => {
  const { status, stderr } = await installed()(['train', '--steps', '1', '--out', at('run')], undefined, project);
  expect(stderr.trim().split('\n').at(-1)).toBe(
    'error: training needs onnxruntime-node; install it with "npm install onnxruntime-node --ignore-scripts"',
  );
  expect(status).toBe(1);
});
