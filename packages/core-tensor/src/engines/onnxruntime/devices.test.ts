import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../open.js';
import { requireDevice } from './devices.js';

/** SwiftShader, a GPU in software, as Debian's chromium package installs it. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const script = fileURLToPath(new URL('../../test-support.webgpu.js', import.meta.url));

interface Outcome {
  skipped?: string;
  cpu: number[];
  gpu: number[];
  worst: number;
  differing: string[];
  onDevice: string[];
  onCpu: string[];
  rewritten: string[];
}

test('every operation, and ten training steps with weights and moments kept there, are the same on WebGPU', {
  tags: 'whole',
}, async (context) => {
  const env = existsSync(SWIFTSHADER) ? { VK_ICD_FILENAMES: SWIFTSHADER, ...process.env } : process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env, timeout: 1_000_000 });
  const outcome = JSON.parse(stdout) as Outcome;
  if (outcome.skipped !== undefined) {
    console.log(`skipped: ${outcome.skipped}`);
    context.skip(outcome.skipped);
  }
  for (const [i, loss] of outcome.cpu.entries()) expect(Math.abs(outcome.gpu[i]! - loss)).toBeLessThan(1e-3 * loss);
  expect(outcome.cpu.at(-1)).toBeLessThan(outcome.cpu[0]!);
  expect(outcome.worst).toBeLessThan(1e-3);
  expect(outcome.differing).toEqual([]);
  // The explanation matches the run: convolutions on the device, shapes on the CPU, missing kernels rewritten.
  expect(outcome.onDevice).toContain('Conv');
  expect(outcome.onCpu).not.toContain('Conv');
  expect(outcome.onCpu).not.toContain('DeformConv');
  expect(outcome.rewritten).toEqual(expect.arrayContaining(['deformConv2d', 'maxPool2dGradient', 'sign']));
});

describe('a device that does not work here', () => {
  test('says why, and what it needs', async () => {
    // No test machine has CUDA's libraries beside onnxruntime-node; on one that has, this tests nothing.
    const outcome = await requireDevice('cuda').then(
      () => 'works',
      (thrown: Error) => thrown.message,
    );
    if (outcome !== 'works')
      expect(outcome).toMatch(
        /^device "cuda" does not work here \(.+\); it needs an NVIDIA GPU .+install\.js .+; use --device cpu$/,
      );
  });

  test('TensorFlow.js takes no device', async () => {
    await expect(openEngine({ engine: 'tfjs', device: 'webgpu' })).rejects.toThrow(
      'TensorFlow.js uses a GPU through its package; install @tensorflow/tfjs-node-gpu and leave out --device',
    );
  });
});

test('auto gives a device that works, and names it', async () => {
  expect((await openEngine({ device: 'auto' })).description).toMatch(/^onnxruntime-node (cpu|webgpu|cuda)$/);
});
