import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './files.js';
import type { Ended } from './run.js';

/** Makes a folder with some of a package's golden files, for `parity --goldens`. */
export async function someGoldens(goldens: URL, names: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) await cp(join(fileURLToPath(goldens), name), join(folder, name));
  return folder;
}

/** Writes a changed copy of a package's golden file. */
export async function changedGolden<T>(from: URL, to: string, change: (golden: T) => unknown): Promise<void> {
  const golden = JSON.parse(await readFile(from, 'utf8'));
  await writeFile(to, JSON.stringify(change(golden)));
}

/** Rows of the table that `parity` printed: file, quantity, place, and true if it held. */
export function parityRows({ stdout }: Pick<Ended, 'stdout'>) {
  const lines = stdout.split('\n').filter((line) => line.startsWith('| ok') || line.startsWith('| FAILED'));
  return lines.map((line) => {
    const [, state, , file, quantity, where] = line.split('|').map((cell) => cell.trim());
    return { held: state === 'ok', file: file!, quantity: quantity!, where: where! };
  });
}

/** Summary of values in the golden files' form: shape, moments, and up to 16 samples at places ⌊i·n/k⌋. */
export function goldenSummary(values: ArrayLike<number>, shape: readonly number[]) {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  const std = Math.sqrt(list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length);
  const count = Math.min(16, list.length);
  const index = Array.from({ length: count }, (_, i) => Math.floor((i * list.length) / count));
  const [min, max] = [list.reduce((a, b) => Math.min(a, b)), list.reduce((a, b) => Math.max(a, b))];
  return { shape, mean, std, min, max, index, value: index.map((i) => list[i]!) };
}
