import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for all temporary files of a run, gone when the run ends. Called once per project: the first makes it. */
export default async function setup() {
  if (process.env.TESTS_FOLDER !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'tests-'));
  process.env.TESTS_FOLDER = process.env.TMPDIR = folder;
  return () => rm(folder, { recursive: true, force: true });
}
