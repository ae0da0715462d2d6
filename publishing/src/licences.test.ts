import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { allows, broughtBy, type Locked, type LockedPackages } from './licences.js';
import { publishable, ROOT } from './workspace.js';

/** Licences that users of MIT-licensed packages expect: whoever adds another one decides that here. */
const ALLOWED = new Set([
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0', 'Zlib'],
  // libvips, which sharp brings as a shared library of its own; users may replace it.
  'LGPL-3.0-or-later',
]);

/** Packages that state their licence in words. */
const IN_WORDS: Readonly<Record<string, string>> = {
  // LICENSE.txt: in the public domain, in large part after pyfive (BSD-3-Clause).
  jsfive: 'SEE LICENSE IN LICENSE.txt',
};

/** Packages with install scripts, which are optional or need none of what their script does. */
const WITH_SCRIPTS = ['core-js', 'onnxruntime-node', 'protobufjs'];

let brought: [name: string, one: Locked][];
beforeAll(async () => {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: LockedPackages;
  };
  const roots = (await publishable()).map(({ folder }) => `packages/${folder}`);
  brought = [...broughtBy(packages, roots)].map(([path, one]) => [path.replace(/^.*node_modules\//, ''), one]);
});

test('every package that an install brings, on any platform, has a licence of the list', () => {
  expect(brought.length).toBeGreaterThan(100);
  const names = brought.map(([name]) => name);
  expect(names).toEqual(
    expect.arrayContaining(['sharp', 'onnxruntime-node', '@img/sharp-win32-x64', 'jsfive', 'pako']),
  );
  const others = brought
    .filter(([name, { license = 'none stated' }]) => IN_WORDS[name] !== license && !allows(ALLOWED, license))
    .map(([name, { version, license }]) => `${name} ${version}: ${license}`);
  expect(others).toEqual([]);
});

test('no other packages run scripts when they are installed', () => {
  const scripts = brought.filter(([, { hasInstallScript }]) => hasInstallScript).map(([name]) => name);
  expect([...new Set(scripts)].sort()).toEqual(WITH_SCRIPTS);
});

test('an expression is allowed by all of its parts, or by one of its alternatives', () => {
  const allowed = new Set(['MIT', 'Zlib']);
  for (const expression of ['MIT', '(MIT AND Zlib)', '(GPL-3.0 OR MIT)', 'MIT OR GPL-3.0'])
    expect(allows(allowed, expression), expression).toBe(true);
  for (const expression of ['GPL-3.0', 'MIT AND GPL-3.0', '(MIT OR Zlib) AND GPL-3.0', 'MIT WITH x', ''])
    expect(allows(allowed, expression), expression).toBe(false);
});

test('a package that is nested, linked or missing is found where Node finds it', () => {
  const packages: LockedPackages = {
    'packages/a': { dependencies: { '@x/b': '*', c: '1' }, peerDependencies: { nowhere: '1' } },
    'packages/b': { dependencies: { c: '2' } },
    'node_modules/@x/b': { link: true, resolved: 'packages/b' },
    'packages/b/node_modules/c': { license: 'MIT', dependencies: { d: '1' } },
    'node_modules/c': { license: 'ISC' },
    'node_modules/d': { license: 'Zlib' },
    'node_modules/unused': { license: 'GPL-3.0' },
  };
  expect([...broughtBy(packages, ['packages/a']).keys()].sort()).toEqual([
    ...['node_modules/c', 'node_modules/d', 'packages/b/node_modules/c'],
  ]);
});
