import { messageOf, UserError } from '../support/error.js';
import { Unreadable } from './reader.js';

/**
 * Runs a reader of a file's bytes. Whatever it throws becomes a UserError that names the file: the reader's own reasons
 * as they are, and any other error (no format's every fault is foreseen) as damage, with that error as its `cause`,
 * which commands print with `--debug`.
 * @param path name of the file
 * @param remedy end of the message: "use a complete checkpoint"
 */
export function reading<Result>(path: string, remedy: string, read: () => Result): Result {
  try {
    return read();
  } catch (thrown) {
    throw damaged(path, remedy, thrown);
  }
}

/** As {@link reading}, for a reader that takes its time. */
export async function readingSlowly<Result>(
  path: string,
  remedy: string,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    throw damaged(path, remedy, thrown);
  }
}

function damaged(path: string, remedy: string, thrown: unknown): unknown {
  if (thrown instanceof UserError) return thrown;
  if (thrown instanceof Unreadable) return new UserError(`${path}: ${thrown.message}; ${remedy}`);
  return new UserError(`${path}: damaged, or not as its format requires (${messageOf(thrown)}); ${remedy}`, {
    cause: thrown,
  });
}
