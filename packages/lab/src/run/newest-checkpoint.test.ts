import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { float32, writeSafetensors } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { newestCheckpoint } from './newest-checkpoint.js';

test('the newest whole checkpoint is found, damaged ones are named, and nothing is no error', async () => {
  const folder = join(await temporaryFolder(), 'run');
  const said: string[] = [];
  const found = () => newestCheckpoint(folder, 'c.safetensors', (text) => void said.push(text));
  expect(await found()).toBeUndefined();
  await mkdir(folder);
  expect(await found()).toBeUndefined();
  const names = ['c.safetensors', 'previous-c.safetensors', 'previous-2-c.safetensors'];
  for (const name of names)
    await writeSafetensors(join(folder, name), {
      tensors: new Map([['w', float32(Float32Array.of(1, 2, 3), [3])]]),
      metadata: {},
    });
  for (const [i, name] of names.entries()) {
    expect(await found()).toBe(join(folder, name));
    expect(said.splice(0)).toHaveLength(i);
    const bytes = await readFile(join(folder, name));
    await writeFile(join(folder, name), i === 1 ? new Uint8Array(bytes.length) : bytes.subarray(0, bytes.length - 2));
  }
  await expect(found()).rejects.toThrow(/run: all of its checkpoints are damaged \(c\.safetensors, .+; move them away/);
  expect(said).toHaveLength(3);
  for (const [i, line] of said.entries()) expect(line).toContain(join(folder, names[i]!));
});
