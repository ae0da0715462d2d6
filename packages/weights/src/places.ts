import { resolve, sep } from 'node:path';
import { UserError } from '@unweather/core-tensor';
import envPaths from 'env-paths';

/**
 * Returns the folder for downloads: the one given, else `UNWEATHER_CACHE`, else the platform's cache folder.
 * @throws UserError if it lies in a node_modules, which package managers empty and which may be read-only
 */
export function cacheFolder(given?: string): string {
  const folder = resolve(given ?? setting('UNWEATHER_CACHE') ?? envPaths('unweather', { suffix: '' }).cache);
  if (folder.split(sep).includes('node_modules'))
    throw new UserError(`${folder}: a cache inside node_modules would go with the next install; choose another folder`);
  return folder;
}

/** True if nothing may be requested: as given, else by `UNWEATHER_OFFLINE`, where 0 or empty means no. */
export function isOffline(given?: boolean): boolean {
  return given ?? (setting('UNWEATHER_OFFLINE') ?? '0') !== '0';
}

/**
 * Returns the URL to fetch a file from: its own, or one below `UNWEATHER_MIRROR`, laid out by host and path.
 * @throws UserError if the mirror is not an http or https URL
 */
export function mirrored(url: URL): URL {
  const mirror = setting('UNWEATHER_MIRROR');
  if (mirror === undefined) return url;
  if (!/^https?:\/\/[^/]/.test(mirror) || !URL.canParse(mirror))
    throw new UserError(`UNWEATHER_MIRROR is ${mirror}; give a URL like https://mirror.example/weights`);
  return new URL(`${mirror.replace(/\/+$/, '')}/${url.host}${url.pathname}${url.search}`);
}

function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
