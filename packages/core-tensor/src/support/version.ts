import { readFileSync } from 'node:fs';

/** Version of a package, for `--version`. @param home a URL in the package's folder, such as of its package.json */
export function versionOf(home: URL): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', home), 'utf8')) as { version: string };
  return version;
}
