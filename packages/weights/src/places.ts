import { resolve, sep } from 'node:path';
import { UserError } from '@unweather/core-tensor';
import envPaths from 'env-paths';

/**
 * The folder that downloads are kept in: the one given, else `UNWEATHER_CACHE`, else the platform's folder for caches.
 * @throws UserError where it lies in a node_modules, which package managers empty and which may be read-only
 */
export function cacheFolder(given?: string): string {
  const folder = resolve(given ?? setting('UNWEATHER_CACHE') ?? envPaths('unweather', { suffix: '' }).cache);
  if (folder.split(sep).includes('node_modules'))
    throw new UserError(`${folder}: a cache inside node_modules would go with the next install; choose another folder`);
  return folder;
}

/** Whether nothing may be requested: as given, else by `UNWEATHER_OFFLINE`, in which 0 and nothing mean no. */
export function isOffline(given?: boolean): boolean {
  return given ?? (setting('UNWEATHER_OFFLINE') ?? '0') !== '0';
}

/**
 * Where a file is fetched from: its own address, or below `UNWEATHER_MIRROR`, laid out by host and path.
 * @throws UserError where the mirror is no http or https URL
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
