import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// A registry on this machine: the packages of this repository as `npm pack` makes them, and what they depend on as it
// lies in node_modules.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** One version of a package: a folder, or a file that is packed already. */
interface Held {
  readonly manifest: Manifest;
  readonly source: string;
}

/** @param broken name of a package whose install script fails, and whose files are not there */
export async function openRegistry(folder: string, broken: string): Promise<Server> {
  const held = [...(await installed()), ...(await packed(folder))].filter(({ manifest }) => manifest.name !== broken);
  const version = (await manifestIn(join(ROOT, 'node_modules', broken))).version;
  held.push(await withoutFiles(join(folder, 'broken'), broken, version));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!).slice(1);
    const [name, wanted] = path.split('/-/') as [string, string?];
    const versions = held.filter(({ manifest }) => manifest.name === name);
    const file = versions.find(({ manifest }) => manifest.version === wanted);
    if (file) send(file.source).stdout.pipe(response);
    else if (versions.length > 0 && wanted === undefined)
      response.end(JSON.stringify(packument(name, versions, server)));
    else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

export function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function packument(name: string, versions: readonly Held[], server: Server) {
  const entries = versions.map(({ manifest }) => {
    const tarball = `${addressOf(server)}/${name}/-/${manifest.version}`;
    return [manifest.version, { ...manifest, dist: { tarball } }] as const;
  });
  return { name, 'dist-tags': { latest: entries.at(-1)![0] }, versions: Object.fromEntries(entries) };
}

/** npm leaves out the first part of every path in a tar file, and takes files that are not compressed. */
function send(source: string) {
  if (source.endsWith('.tgz')) return spawn('gzip', ['-dc', source]);
  return spawn('tar', [
    '-cf',
    '-',
    '--exclude',
    `${basename(source)}/node_modules`,
    '-C',
    dirname(source),
    basename(source),
  ]);
}

async function installed(): Promise<Held[]> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { link?: boolean }>;
  };
  const folders = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
  const there = folders.map(([path]) => join(ROOT, path)).filter((path) => existsSync(path));
  return Promise.all(there.map(async (source) => ({ source, manifest: await manifestIn(source) })));
}

async function packed(folder: string): Promise<Held[]> {
  const args = ['pack', '--workspaces', '--pack-destination', folder, '--ignore-scripts'];
  await promisify(execFile)('npm', args, { cwd: ROOT, shell: process.platform === 'win32' });
  const packages = await readdir(join(ROOT, 'packages'));
  const manifests = await Promise.all(packages.map((name) => manifestIn(join(ROOT, 'packages', name))));
  return manifests.map((manifest) => {
    const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
    return { manifest, source: join(folder, file) };
  });
}

async function withoutFiles(source: string, name: string, version: string): Promise<Held> {
  const manifest = { name, version, main: 'dist/index.js', scripts: { postinstall: 'exit 1' } };
  await mkdir(source);
  await writeFile(join(source, 'package.json'), JSON.stringify(manifest));
  return { manifest, source };
}

async function manifestIn(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}
