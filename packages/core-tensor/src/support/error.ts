import { printable } from './shown.js';

/**
 * An error a user can act on. The message is one line: the problem, its place (file, entry, tensor, expected and
 * actual shape), and the remedy. Commands print it without a stack and exit with 1; every other error is a bug of ours.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Message of any thrown value, on one line, without characters that steer a terminal. */
export function messageOf(thrown: unknown): string {
  const text = isLikeError(thrown) ? thrown.message : String(thrown);
  return printable(text.replace(/\s*\n\s*/g, ' '));
}

/** The operating system's code of a file error (`ENOENT`, `EACCES`, `ENOSPC`…), if it is one. */
export function errorCode(thrown: unknown): string | undefined {
  const code = isLikeError(thrown) && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** True for an error of any realm: errors of Node's modules are those of another one in Jest and in vm contexts. */
function isLikeError(thrown: unknown): thrown is { readonly message: string } {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string';
}
