import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readPicture, readSafetensors } from '@unweather/core-tensor';
import { runnerOf, temporaryFolder } from '@unweather/testing';
import { beforeAll, expect, test } from 'vitest';
import { gain, type Rainy, writeRainy } from './rainy.js';

const program = (name: string) => runnerOf(new URL(`../${name}.mjs`, import.meta.url));
let folder: string;
let rainy: Rainy[];
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'rainy'));
  rainy = await writeRainy(join(folder, 'rainy'), 3);
});

test('restore.mjs takes rain from a photograph', async () => {
  const clean = join(folder, 'clean.png');
  const { status, stdout, stderr } = await program('restore')([rainy[0]!.file, clean]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(`${clean}: 96×96, by VeilNet (onnxruntime-node cpu)\n`);
  expect(await gain(rainy[0]!, clean)).toBeGreaterThan(3);
});

test('folder.mjs restores what is not done, leaves out what is no picture, and has nothing to do the second time', async () => {
  const [from, to] = [join(folder, 'rainy'), join(folder, 'restored')];
  const [done, ...left] = rainy.map(({ file }) => basename(file));
  await mkdir(to);
  await writeFile(join(to, done!), 'done before');
  await writeFile(join(from, 'a.jpg'), 'no picture');
  await writeFile(join(from, 'notes.txt'), 'no picture, and not called one');
  const first = await program('folder')([from, to, '--parallel', '3']);
  expect(first).toMatchObject({ status: 1, stderr: '' });
  const lines = first.stdout.trim().split('\n');
  expect(lines[0]).toBe('3 to restore, 1 done before');
  expect(lines[1]).toMatch(/^1\/3, \d+ s left: left out: .+a\.jpg: not a readable picture/);
  expect(lines.slice(2, 4).map((line) => line.replace(/\d+ s/, 'T'))).toEqual(
    left.map((name, i) => `${i + 2}/3, T left: ${name}`),
  );
  expect(lines[4]).toBe('2 restored, 1 left out');
  expect((await readdir(to)).sort()).toEqual([done, ...left].sort());
  expect(await readFile(join(to, done!), 'utf8')).toBe('done before');
  for (const one of rainy.slice(1)) expect(await gain(one, join(to, basename(one.file)))).toBeGreaterThan(3);
  const second = await program('folder')([from, to]);
  expect(second.stdout).toContain('1 to restore, 3 done before');
  expect(second.stdout).toContain('0 restored, 1 left out');
});

test('folder.mjs writes nothing where the originals lie', async () => {
  const from = join(folder, 'rainy');
  const before = await readFile(rainy[0]!.file);
  const { status, stderr } = await program('folder')([from, `${from}/`]);
  expect(status).toBe(1);
  expect(stderr).toContain('holds the originals; name another folder');
  expect(await readFile(rainy[0]!.file)).toEqual(before);
});

test('network.mjs trains a network whose loss falls, and which takes rain away', async () => {
  const [weights, clean] = [join(folder, 'three.safetensors'), join(folder, 'three.png')];
  const { status, stdout, stderr } = await program('network')([weights, clean, '--steps', '100']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const losses = [...stdout.matchAll(/^step \d+: loss (\S+)$/gm)].map(([, loss]) => Number(loss));
  expect(losses).toHaveLength(2);
  expect(losses[1]).toBeLessThan(losses[0]!);
  const [, before, after] = /: (\S+) dB in rain, (\S+) dB restored$/m.exec(stdout) ?? [];
  expect(Number(after) - Number(before)).toBeGreaterThan(1);
  const { tensors, metadata } = await readSafetensors(weights);
  expect(metadata).toEqual({ network: 'ThreeLayers' });
  const names = ['first', 'second', 'third'].flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]);
  expect([...tensors.keys()]).toEqual(names);
  expect(await readPicture(clean)).toMatchObject({ width: 192, height: 192 });
});

test('onnx.mjs writes a file by which plain onnxruntime gives the numbers of load', async () => {
  const [file, clean] = [join(folder, 'durn.onnx'), join(folder, 'by-onnx.png')];
  const { status, stdout, stderr } = await program('onnx')([rainy[0]!.file, file, clean]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [, difference] = /output 1×3×96×96, largest difference from what load restores (\S+)$/m.exec(stdout) ?? [];
  expect(Number(difference)).toBeLessThan(1e-5);
  expect((await stat(file)).size).toBeGreaterThan(4 * 3_729_923);
  expect(await gain(rainy[0]!, clean)).toBeGreaterThan(3);
});
