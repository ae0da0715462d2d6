import { createHash } from 'node:crypto';
import { UserError } from '@unweather/core-tensor';

/** A file on the web, and where it is kept. */
export interface Address {
  readonly url: URL;
  /** For people: without a user's name, password and query, in which keys travel. */
  readonly shown: string;
  /** Folder in the cache: files of one name from several places do not meet. */
  readonly folder: string;
  /** Name of the file there: the URL's own, since readers go by its ending. */
  readonly file: string;
}

/** @throws UserError unless it is an http or https URL of a file */
export function addressOf(text: string | URL): Address {
  if (!URL.canParse(String(text))) throw new UserError(`${text}: not a URL; give one like https://example.org/w.pth`);
  const url = new URL(text);
  url.hash = '';
  const shown = shownUrl(url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UserError(`${shown}: only http and https are fetched; give a file by its path`);
  const [last = ''] = url.pathname.split('/').slice(-1);
  const file = last.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_');
  if (file === '') throw new UserError(`${shown}: names no file; give the URL of the weights themselves`);
  return { url, shown, folder: createHash('sha256').update(url.href).digest('hex').slice(0, 16), file };
}

/** A URL as it may be printed and stored. */
export function shownUrl({ origin, pathname }: URL): string {
  return `${origin === 'null' ? '' : origin}${pathname}`;
}
