import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporaryFolder } from '@unweather/testing';
import { isolated, run } from './run.js';
import { type Manifest, ROOT, readManifest } from './workspace.js';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly link?: boolean; readonly dev?: boolean }>>;
}

/**
 * Writes the third-party packages that users need into a Verdaccio storage, as `npm ci` installed them, so that an
 * install needs no network. Optional packages that are missing here (another platform's) are missing there, too.
 */
export async function storeThirdParty(storage: string): Promise<void> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const versions = new Map<string, [Manifest, string][]>();
  for (const [path, { link, dev }] of Object.entries(packages)) {
    const folder = join(ROOT, path);
    if (!path.includes('node_modules/') || link || dev || !existsSync(folder)) continue;
    const manifest = await readManifest(join(folder, 'package.json'));
    versions.set(manifest.name, [...(versions.get(manifest.name) ?? []), [manifest, folder]]);
  }
  for (const [name, held] of versions) await store(storage, name, held);
}

/** Replaces a package by one of the same version whose install script fails, without any other files. */
export async function breakInstallScript(storage: string, name: string): Promise<void> {
  const { version } = await readManifest(join(ROOT, 'node_modules', name, 'package.json'));
  const folder = await temporaryFolder();
  const file = join(folder, 'package.json');
  await writeFile(file, JSON.stringify({ name, version, main: 'dist/index.js', scripts: { postinstall: 'exit 1' } }));
  await store(storage, name, [[await readManifest(file), folder]]);
  await rm(folder, { recursive: true });
}

/** Stores the versions of a package, the first as latest: the lock file names those nearest to the root first. */
async function store(storage: string, name: string, held: readonly [Manifest, string][]): Promise<void> {
  await mkdir(join(storage, name), { recursive: true });
  const entries: [string, object][] = [];
  const attachments: [string, object][] = [];
  for (const [manifest, folder] of held) {
    const file = `${basename(name)}-${manifest.version}.tgz`;
    // npm accepts uncompressed tar files, and strips the first part of every path.
    const skip = ['--exclude', `${basename(folder)}/node_modules`];
    const to = join(storage, name, file);
    await run('tar', ['-cf', to, ...skip, '-C', dirname(folder), basename(folder)], storage, isolated(storage));
    const shasum = createHash('sha1')
      .update(await readFile(to))
      .digest('hex');
    const dist = { tarball: `http://127.0.0.1/${name}/-/${file}`, shasum };
    entries.push([manifest.version, { ...manifest, dist }]);
    attachments.push([file, { shasum, version: manifest.version }]);
  }
  const metadata = {
    name,
    versions: Object.fromEntries(entries),
    'dist-tags': { latest: held[0]![0].version },
    time: {},
    _distfiles: {},
    _attachments: Object.fromEntries(attachments),
    _uplinks: {},
    _rev: '1-0',
  };
  await writeFile(join(storage, name, 'package.json'), JSON.stringify(metadata));
}
