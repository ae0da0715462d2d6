import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './files.js';

/** A folder with these of a package's golden files, for `parity --goldens`. */
export async function someGoldens(goldens: URL, names: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) await cp(join(fileURLToPath(goldens), name), join(folder, name));
  return folder;
}
