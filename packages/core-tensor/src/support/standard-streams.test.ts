import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

/** Runs a program that copies standard input to standard output. */
async function copied(input: Uint8Array) {
  const code = `import { readStandardInput, writeStandardOutput } from '${new URL('standard-streams.js', import.meta.url).href}';
    await writeStandardOutput(await readStandardInput());`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code]);
  const out: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => undefined).end(input);
  const status = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { status, bytes: Buffer.concat(out), stderr };
}

test('bytes go through whole, many more than a pipe holds', async () => {
  const bytes = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31) % 251));
  const { status, bytes: out } = await copied(bytes);
  expect([status, out.equals(bytes)]).toEqual([0, true]);
});

test('empty input is named', async () => {
  expect((await copied(new Uint8Array(0))).stderr).toContain('standard input: is empty; send a picture to it');
});
