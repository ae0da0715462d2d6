import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Block } from './pages.js';
import { compiled, folderOf, type Snippet } from './snippets.js';

const execute = promisify(execFile);
/** Timeout of a block, in milliseconds. */
const PATIENCE = 300_000;
const PROGRAMS = fileURLToPath(new URL('./programs/', import.meta.url));

/** Runs a code block in its page's folder. @throws Error with Node's message if it fails */
export async function runSnippet(snippet: Snippet): Promise<void> {
  await execute(process.execPath, [await compiled(snippet)], {
    cwd: folderOf(snippet.block.file),
    timeout: PATIENCE,
  });
}

/**
 * Runs the commands of a block in the shell, in its page's folder, with a stand-in for npx.
 * @returns their output, both streams
 * @throws Error with the shell's message if one fails
 */
export async function runCommands({ file, text }: Block): Promise<string> {
  await mkdir(PROGRAMS, { recursive: true });
  const npx = join(PROGRAMS, 'npx');
  const script = fileURLToPath(new URL('./npx.js', import.meta.url));
  await writeFile(npx, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  await chmod(npx, 0o755);
  const env = { ...process.env, PATH: `${PROGRAMS}${delimiter}${process.env.PATH ?? ''}` };
  const { stdout, stderr } = await execute('sh', ['-e', '-c', text], { cwd: folderOf(file), env, timeout: PATIENCE });
  return stdout + stderr;
}

/**
 * Finds lines that a page shows as output but that were not printed. Numbers, hashes and times differ between machines
 * and are not compared; "…" stands for lines left out.
 */
export function notPrinted(said: string, printed: string): string[] {
  const masked = (line: string) =>
    line
      .replace(/[0-9a-f]{16,}|\d+/g, '0')
      .replace(/[-\s]+/g, ' ')
      .trim();
  const lines = new Set(printed.split('\n').map(masked));
  return said.split('\n').filter((line) => line.trim() !== '' && line.trim() !== '…' && !lines.has(masked(line)));
}
