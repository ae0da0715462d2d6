import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { isTemporaryFolder } from './folder.js';

// A folder for the temporary files of each file of tests. Folders that tests made go with it; what else lies there was
// left by the code under test, which is an error.

const before = process.env.TMPDIR;
const folder = await mkdtemp(join(tmpdir(), 'file-'));
process.env.TMPDIR = folder;

afterAll(async () => {
  const left = (await readdir(folder)).filter((name) => !isTemporaryFolder(name));
  await rm(folder, { recursive: true, force: true });
  process.env.TMPDIR = before;
  if (left.length > 0) throw new Error(`left in the temporary folder: ${left.join(', ')}`);
});
