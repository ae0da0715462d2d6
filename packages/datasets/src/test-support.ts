import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Picture, Random, writePng } from '@unweather/core-tensor';

/** A fresh folder for one test's files. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'unweather-'));
}

/** A picture of noise that its name decides. */
export function noise(name: string, width: number, height: number): Picture {
  const random = Random.named(name);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

/** Writes pictures of noise and returns their paths. */
export async function writeNoise(folder: string, sizes: Record<string, [number, number]>): Promise<void> {
  for (const [name, [width, height]] of Object.entries(sizes))
    await writePng(join(folder, name), noise(name, width, height));
}
