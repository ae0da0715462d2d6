import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError, writeWhole } from '@unweather/core-tensor';
import { released } from './changelog.js';
import { ROOT } from './workspace.js';

// `npx nx run publishing:changelog -- 0.2.0`: turns the text under Unreleased in CHANGELOG.md into the notes of 0.2.0.
const file = join(ROOT, 'CHANGELOG.md');
const [version = ''] = process.argv.slice(2);
try {
  await writeWhole(file, released(await readFile(file, 'utf8'), version, new Date().toISOString().slice(0, 10)));
} catch (thrown) {
  if (!(thrown instanceof UserError)) throw thrown;
  console.error(`error: ${messageOf(thrown)}`);
  process.exitCode = 1;
}
