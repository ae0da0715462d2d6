import { createHash } from 'node:crypto';
import { UserError } from '@unweather/core-tensor';

/** A file on the web, and its place in the cache. */
export interface Address {
  readonly url: URL;
  /** URL to print: without user name, password and query, which may hold keys. */
  readonly shown: string;
  /** Folder in the cache, unique per URL, so that files of the same name do not collide. */
  readonly folder: string;
  /** Name of the file there: the URL's own, since readers rely on its extension. */
  readonly file: string;
}

/** Characters of a file's name in the cache. */
const LONGEST = 200;

/** @throws UserError unless it is an http or https URL of a file */
export function addressOf(text: string | URL): Address {
  if (!URL.canParse(String(text))) throw new UserError(`${text}: not a URL; give one like https://example.org/w.pth`);
  const url = new URL(text);
  url.hash = '';
  const shown = shownUrl(url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UserError(`${shown}: only http and https URLs are downloaded; give a file by its path`);
  const [last = ''] = url.pathname.split('/').slice(-1);
  // Its end is kept: a name may have 255 bytes, those of the part more than the file's, and the extension matters.
  const file = last
    .slice(-LONGEST)
    .replace(/[^\w.-]/g, '_')
    .replace(/^\.+/, '_');
  // The record of the download has that name, in a folder where case may not matter.
  const own = /^download\.json$/i.test(file) ? `_${file}` : file;
  if (file === '') throw new UserError(`${shown}: the URL names no file; give the URL of the weights themselves`);
  return { url, shown, folder: createHash('sha256').update(url.href).digest('hex').slice(0, 16), file: own };
}

/** Returns a URL in the form that may be printed and stored. */
export function shownUrl({ origin, pathname }: URL): string {
  return `${origin === 'null' ? '' : origin}${pathname}`;
}
