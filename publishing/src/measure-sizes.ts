import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'esbuild';
import { entriesOf } from './entries.js';
import { isolated, run } from './run.js';
import { type Package, ROOT } from './workspace.js';

/** Sizes of a package, in bytes. */
export interface PackageSize {
  /** All files of its tarball. */
  readonly unpacked: number;
  /** Browser entry with all its imports, bundled, minified and gzipped; undefined without such an entry. */
  readonly browser?: number;
}
/** Sizes by the packages' names. */
export type Sizes = Readonly<Record<string, PackageSize>>;

/** File of the recorded sizes. */
export const KEPT = join(ROOT, 'publishing/sizes.json');

/** Reads the recorded sizes. @throws Error if publishing/sizes.json does not exist */
export async function keptSizes(): Promise<Sizes> {
  return JSON.parse(await readFile(KEPT, 'utf8')) as Sizes;
}

/** Measures built packages. @throws Error with the message of npm or esbuild if a package is not built */
export async function measureSizes(packages: readonly Package[]): Promise<Sizes> {
  const folder = await mkdtemp(join(tmpdir(), 'unweather-'));
  try {
    const which = packages.map((one) => `./packages/${one.folder}`);
    const out = await run('npm', ['pack', ...which, '--json', '--dry-run'], ROOT, isolated(folder));
    const packed = JSON.parse(out) as { name: string; unpackedSize: number }[];
    const sizes = packages.map(async (one): Promise<[string, PackageSize]> => {
      const { name } = one.manifest;
      const { unpackedSize: unpacked } = packed.find((tarball) => tarball.name === name)!;
      const entry = entriesOf(one).find((found) => found.name === `${name}/browser`);
      return [name, { unpacked, ...(entry && { browser: await bundledSize(entry.name) }) }];
    });
    return Object.fromEntries(await Promise.all(sizes));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function bundledSize(entry: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: import.meta.dirname },
    platform: 'browser',
    format: 'esm',
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  return (await promisify(gzip)(outputFiles[0]!.contents, { level: 9 })).length;
}
