// Imports nothing but Node's own: it must load where nothing else does.
import { closeSync, openSync } from 'node:fs';

/** Files that the modules of a command open at once, at most. */
const MODULES = 256;

/**
 * Loads and runs a command. Node opens the files of many modules at once; where too few may be open, one line says so.
 * Any other error is a bug of ours, and thrown.
 * @param load imports the command's module
 */
export async function startCommand(load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
  } catch (thrown) {
    if (!isForFiles((thrown as { readonly code?: unknown }).code)) throw thrown;
    process.stderr.write('error: too many open files; allow more, for instance with "ulimit -n 1024"\n');
    process.exitCode = 1;
  }
}

function isForFiles(code: unknown): boolean {
  if (code === 'EMFILE' || code === 'ENFILE') return true;
  // A package.json that cannot be opened counts as missing, and its package as not found.
  return code === 'ERR_MODULE_NOT_FOUND' && !mayOpen(MODULES);
}

/** True if this process may open so many files more. */
function mayOpen(count: number): boolean {
  const open: number[] = [];
  try {
    while (open.length < count) open.push(openSync(process.execPath, 'r'));
    return true;
  } catch {
    return false;
  } finally {
    for (const file of open) closeSync(file);
  }
}
