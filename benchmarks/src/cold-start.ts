import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { initialState, writeCheckpoint } from '@unweather/core-tensor';
import { DuRN_P } from '@unweather/durn';
import sharp from 'sharp';
import type { Side } from './peer.js';

const SCRIPT = fileURLToPath(new URL('../torch/cold_start.py', import.meta.url));
const PHOTO = fileURLToPath(new URL('../../packages/datasets/embedded/held-out/city.png', import.meta.url));

/**
 * Restores one photograph from the prompt to the written file: `npx unweather restore`, and a PyTorch script that does
 * the same with the same weights, which it wrote. Whole processes are timed, since loading libraries counts here.
 * @param size height and width of the photograph
 */
export async function coldStart(size: number, python: string | undefined): Promise<{ ours: Side; theirs?: Side }> {
  const folder = await mkdtemp(join(tmpdir(), 'unweather-'));
  const at = (name: string) => join(folder, name);
  await sharp(PHOTO).resize(size, size).jpeg({ quality: 95 }).toFile(at('photo.jpg'));
  const weights = at(python === undefined ? 'durn-p.safetensors' : 'durn-p.pt');
  if (python !== undefined) execFileSync(python, [SCRIPT, '--prepare', weights]);
  else
    await writeCheckpoint(weights, 'DuRN_P', initialState(new DuRN_P().parameters(), 1), {
      step: 0,
      seed: 1,
      recipe: {},
    });
  const close = () => rm(folder, { recursive: true });
  const model = ['--model', 'durn:noise', '--weights', weights];
  const ours = wholeProcess('npx', ['unweather', 'restore', at('photo.jpg'), '-o', at('ours.png'), ...model], close);
  if (python === undefined) return { ours };
  const theirs = wholeProcess(python, [SCRIPT, at('photo.jpg'), at('theirs.png'), weights], async () => {
    const [a, b] = await Promise.all(['ours.png', 'theirs.png'].map((name) => sharp(at(name)).raw().toBuffer()));
    const most = a!.reduce((found, value, i) => Math.max(found, Math.abs(value - b![i]!)), 0);
    console.log(`cold start: the two results differ by at most ${most} of 255 levels`);
  });
  return { ours, theirs };
}

const run = promisify(execFile);

function wholeProcess(command: string, args: readonly string[], close: () => Promise<void>): Side {
  return {
    async time() {
      const start = performance.now();
      await run(command, args);
      return { ms: performance.now() - start, mb: null };
    },
    close,
  };
}
