import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { messageOf, UserError } from './error.js';
import { valueText } from './value-text.js';

/**
 * Path of a file that a user names by a path or a `file:` URL. The one rule for all places that take either: a path that
 * exists wins, even if it looks like a URL; else what begins with `file:/` is a URL, and everything else a path.
 * @throws UserError for a URL that names no file of this machine, or a value of another type
 */
export function pathOf(place: string | URL): string {
  if (typeof place === 'string' && (!isFileUrl(place) || existsSync(place))) return place;
  if (typeof place !== 'string' && Object.prototype.toString.call(place) !== '[object URL]')
    throw new UserError(`${valueText(place)} is no place of a file; give a path or a file: URL`);
  try {
    return fileURLToPath(place);
  } catch (thrown) {
    throw new UserError(
      `${String(place)}: names no file of this machine (${messageOf(thrown)}); give a path, or a URL like file:///home/me/x.png`,
    );
  }
}

/** True for a text that begins like a URL of a file. */
export function isFileUrl(text: string): boolean {
  return /^file:\//i.test(text);
}

/**
 * Replaces the `file:` URLs of a command line by paths, by {@link pathOf}, also those of options (`--out=file:///x`).
 * A URL with a fragment is left as it is: what takes one knows what it means (`#sha256=…`).
 * @param argv arguments, without those of Node
 * @throws UserError for a URL that names no file of this machine
 */
export function withPaths(argv: readonly string[]): string[] {
  return argv.map((argument) => {
    const [, option = '', place = ''] = /^(--[\w-]+=)?(file:\/[^#]*)$/is.exec(argument) ?? [];
    return place === '' ? argument : `${option}${pathOf(place)}`;
  });
}
