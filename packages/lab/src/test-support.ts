import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder for one test's files. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'unweather-'));
}
