import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initialState, type PictureNetwork, writeCheckpoint } from '@unweather/core-tensor';
import { DuRN_P, DuRN_S, DuRN_US } from '@unweather/durn';
import { type Ended, inProcess, type Run, runnerOf } from '@unweather/testing';
import sharp from 'sharp';

/** A photograph of the embedded set, 192×192. */
export const PHOTO = fileURLToPath(new URL('../../datasets/embedded/held-out/coffee.png', import.meta.url));

/** Runs the command in this process. */
export const unweather = inProcess(new URL('./cli.js', import.meta.url));

/** Runs the command, as it is installed, in a process of its own. */
export const unweatherProcess: Run = runnerOf(new URL('../bin/unweather.js', import.meta.url));

const NETWORKS: Readonly<Record<'rain' | 'haze' | 'noise', readonly [string, () => PictureNetwork]>> = {
  rain: ['DuRN_S', () => new DuRN_S()],
  haze: ['DuRN_US', () => new DuRN_US()],
  noise: ['DuRN_P', () => new DuRN_P()],
};

/** Writes random weights of DuRN's networks where trainings leave theirs. */
export async function writeWeights(folder: string, ...tasks: (keyof typeof NETWORKS)[]): Promise<void> {
  for (const task of tasks) {
    const [name, create] = NETWORKS[task];
    const progress = { step: 1, seed: 1, recipe: { task, data: `embedded/train/${task}` } };
    const file = join(folder, 'runs/durn', `${task}-quick`, 'checkpoint.safetensors');
    await writeCheckpoint(file, name, initialState(create().parameters(), 1), progress);
  }
}

/** Writes the photograph at another size, in the format of the file's ending. */
export async function writePhoto(file: string, side = 48): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await sharp(PHOTO).resize(side, side).toFile(file);
}

/** Returns the first half of a PNG. */
export async function truncated(): Promise<Buffer> {
  const bytes = await readFile(PHOTO);
  return bytes.subarray(0, bytes.length / 2);
}

/** The files of a folder and of those in it, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

/** The events that `--log jsonl` printed; every line must be one. */
export function eventsOf({ stdout }: Ended): { event: string; [field: string]: unknown }[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });
}
