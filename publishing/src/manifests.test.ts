import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Manifest, type Package, publishable, ROOT, readManifest } from './workspace.js';

let root: Manifest;
let packages: Package[];
beforeAll(async () => {
  root = await readManifest(join(ROOT, 'package.json'));
  packages = await publishable();
});

test('everything in packages is published, under one scope and one version', () => {
  expect(packages.map(({ folder }) => folder)).toContain('durn');
  for (const { folder, manifest } of packages)
    expect([manifest.name, manifest.version]).toEqual([
      // The package has the name that people type: npx unweather.
      folder === 'unweather' ? folder : `@unweather/${folder}`,
      root.version,
    ]);
});

test('every package says what it is, whose it is and where it comes from, as the repository does', () => {
  const { homepage, bugs, license, author, engines, repository } = root;
  const home = homepage!.replace(/#.*/, '');
  for (const { folder, manifest } of packages) {
    const directory = `packages/${folder}`;
    expect(manifest, folder).toMatchObject({ bugs, license, author, engines, type: 'module', sideEffects: false });
    expect(manifest.repository).toEqual({ ...repository, directory });
    expect(manifest.homepage).toBe(`${home}/tree/main/${directory}#readme`);
    expect(manifest.keywords!.length).toBeGreaterThan(1);
    expect(manifest.publishConfig).toEqual({ access: 'public' });
  }
});

test('every package carries the licence', async () => {
  const licence = await readFile(join(ROOT, 'LICENSE'), 'utf8');
  for (const { folder } of packages)
    expect(await readFile(join(ROOT, 'packages', folder, 'LICENSE'), 'utf8'), folder).toBe(licence);
});

test('what is published needs nothing of this repository that is not', () => {
  const published = packages.map(({ manifest }) => manifest.name);
  for (const { folder, manifest } of packages) {
    const ours = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@unweather/'));
    expect(published, folder).toEqual(expect.arrayContaining(ours));
  }
});

test('the same version of a foreign package everywhere', () => {
  const wanted = packages.flatMap(({ manifest }) => Object.entries(manifest.dependencies ?? {}));
  const ranges = new Map<string, string>(wanted);
  for (const [name, range] of wanted) expect([name, range]).toEqual([name, ranges.get(name)]);
});

test('reports of vulnerabilities lead to the repository', async () => {
  const home = root.homepage!.replace(/#.*/, '');
  for (const file of ['SECURITY.md', '.github/ISSUE_TEMPLATE/config.yml'])
    expect(await readFile(join(ROOT, file), 'utf8'), file).toContain(`${home}/security/advisories/new`);
});
