import { existsSync } from 'node:fs';
import { printable } from './shown.js';

/**
 * Writes commander's errors on one line, without characters that steer a terminal, for its `configureOutput`. A file whose name begins with a dash looks like an
 * option: the line then says how to name it.
 */
export function outputError(text: string, write: (text: string) => void): void {
  const dashed = process.argv.slice(2).find((argument) => /^-./.test(argument) && existsSync(argument));
  const hint = dashed !== undefined && text.includes('unknown option') ? ` (the file ${dashed} is ./${dashed})` : '';
  write(`${printable(text.trim().replace(/\s*\n\s*/g, ' ') + hint)}\n`);
}
