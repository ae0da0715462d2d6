import { inspect } from 'node:util';
import { messageOf, type UserError } from './error.js';
import { printable } from './shown.js';

/**
 * Prints an error that the user can act on: one line on stderr. If another error caused it, the line says that
 * `--debug` shows more; with `debug`, both errors follow with their stacks.
 */
export function printError(thrown: UserError, debug = false): void {
  const more = thrown.cause !== undefined && !debug ? ' (--debug shows more)' : '';
  process.stderr.write(`error: ${printable(messageOf(thrown))}${more}\n`);
  if (debug) process.stderr.write(`${printable(inspect(thrown))}\n`);
}
