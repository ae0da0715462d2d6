import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layerProblems, manifestProblems, readWorkspaces, type Workspace } from './dependencies.js';
import { readLayers } from './layers.js';
import { ROOT, readManifest } from './workspace.js';

const workspaces = await readWorkspaces();
const layers = await readLayers();
const root = Object.keys((await readManifest(join(ROOT, 'package.json'))).devDependencies!);

/** Dependencies that the rule below cannot see, by workspace. */
const EXCEPTED: Readonly<Record<string, readonly string[]>> = {
  // Imported by blocks of the documentation.
  docs: [
    '@unweather/aecr',
    '@unweather/afrnet',
    '@unweather/durn',
    '@unweather/manas',
    '@unweather/maxim',
    '@unweather/report',
  ],
  // Loaded by a name that depends on the machine.
  'core-tensor': ['@tensorflow/tfjs'],
  // Bundled by the build.
  report: ['echarts'],
};

test('every import is declared, and every dependency is imported', () => {
  expect(workspaces.length).toBeGreaterThan(10);
  for (const workspace of workspaces) {
    const excepted = EXCEPTED[workspace.folder] ?? [];
    expect(manifestProblems(workspace, root, excepted)).toEqual([]);
    // Fails if an exception is no longer needed.
    expect(manifestProblems(workspace, root).map((problem) => problem.split(' ').at(-1))).toEqual(excepted);
  }
});

test('imports between workspaces point down by the table in CONTRIBUTING.md', () => {
  expect([...layers.keys()].sort()).toEqual(workspaces.map(({ folder }) => folder).sort());
  expect(layerProblems(workspaces, layers)).toEqual([]);
});

/** durn, with a file that imports something. */
function durnWith(file: string, ...names: string[]): Workspace {
  const durn = workspaces.find(({ folder }) => folder === 'durn')!;
  return { ...durn, imports: new Map([...durn.imports, [file, new Set(names)]]) };
}

test.each([
  ['one.ts', '@unweather/aecr', ['src/one.ts imports @unweather/aecr'], ['durn must not import aecr: src/one.ts']],
  ['one.ts', 'unweather', ['src/one.ts imports unweather'], ['durn must not import unweather: src/one.ts']],
  [
    'one.ts',
    '@unweather/testing',
    ['src/one.ts imports @unweather/testing'],
    ['durn must not import testing: src/one.ts'],
  ],
  ['one.test.ts', '@unweather/testing', [], []],
  ['one.test.ts', 'sharp', ['src/one.test.ts imports sharp'], []],
  ['one.test.ts', 'fast-check', [], []],
  ['one.ts', 'fast-check', ['src/one.ts imports fast-check'], []],
])('durn, whose %s imports %s', (file, name, undeclared, upward) => {
  const changed = durnWith(file, name);
  const found = manifestProblems(changed, root);
  expect(found).toEqual(undeclared.map((problem) => `@unweather/durn: ${problem}`));
  expect(
    layerProblems(
      workspaces.map((one) => (one.folder === 'durn' ? changed : one)),
      layers,
    ),
  ).toEqual(upward);
});

test('a dependency that nothing imports is told', () => {
  const durn = durnWith('one.ts');
  const dependencies = { ...durn.manifest.dependencies, pako: '1' };
  expect(manifestProblems({ ...durn, manifest: { ...durn.manifest, dependencies } }, root)).toEqual([
    '@unweather/durn: nothing imports pako',
  ]);
});
