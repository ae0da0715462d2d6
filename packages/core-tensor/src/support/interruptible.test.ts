import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

/** Runs a command in its own process, and sends it SIGINT whenever it prints something. */
function ended(command: string): Promise<[status: number | null, signal: string | null]> {
  const module = new URL('interruptible.js', import.meta.url).href;
  const code = `import { interruptible } from '${module}'; await interruptible(async (signal) => { ${command} });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code]);
  child.stdout.on('data', () => child.kill('SIGINT'));
  return new Promise((resolve) => {
    child.on('close', (status, signal) => resolve([status, signal]));
  });
}

const ABORTED =
  "console.log('at work'); await new Promise((done) => { signal.onabort = done; setInterval(() => 0, 99); });";

test('Ctrl-C is for the command to end on, with status 130; a second one ends what does not', async () => {
  expect(await ended(`${ABORTED} setImmediate(() => process.exit()); return false;`)).toEqual([130, null]);
  expect(await ended(`${ABORTED} console.log('no end'); await new Promise(() => undefined);`)).toEqual([
    null,
    'SIGINT',
  ]);
});
