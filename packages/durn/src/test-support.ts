import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random, writePng } from '@unweather/core-tensor';

const cli = fileURLToPath(new URL('./cli.js', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a process of its own. */
export function durn(
  args: readonly string[],
  watch: (line: string, child: ChildProcess) => void = () => undefined,
  cwd = process.cwd(),
): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { cwd });
  let [stdout, stderr, rest] = ['', '', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop()!;
    for (const line of lines) watch(line, child);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** A fresh folder for one test's files. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'unweather-'));
}

/** Writes pairs of noise and their meta file; a size per picture, truth and input. */
export async function writePairs(folder: string, sizes: readonly [truth: number, input: number][]): Promise<string> {
  const entries = [];
  for (const [i, pair] of sizes.entries()) {
    const names = [`gt-${i}.png`, `rain-${i}.png`];
    entries.push(names);
    for (const [j, name] of names.entries()) {
      const [size, random] = [pair[j]!, Random.named(name)];
      const data = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
      await writePng(join(folder, name), { width: size, height: size, data });
    }
  }
  const meta = join(folder, 'meta.json');
  await writeFile(meta, JSON.stringify(entries));
  return meta;
}
