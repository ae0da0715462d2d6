import { readFileSync } from 'node:fs';

/** Version of a package, for `--version`; 0.0.0 if it states none, as one that is not published. @param home a URL in the package's folder, such as of its package.json */
export function versionOf(home: URL): string {
  const { version = '0.0.0' } = JSON.parse(readFileSync(new URL('package.json', home), 'utf8')) as { version?: string };
  return version;
}
