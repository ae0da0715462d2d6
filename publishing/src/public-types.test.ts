import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@unweather/testing';
import { beforeAll, expect, test } from 'vitest';
import { publicTypes } from './public-types.js';
import { type Package, publishable, TYPES, typesOf } from './workspace.js';

let packages: Package[];
beforeAll(async () => {
  packages = await publishable();
});

test('the public types of every package are those in publishing/types', async () => {
  const all = publicTypes(packages);
  expect((await readdir(TYPES)).sort()).toEqual(packages.map(({ folder }) => `${folder}.txt`));
  for (const [folder, text] of all) {
    const remedy = `the public types of packages/${folder} changed: "npx nx run publishing:types" writes them, and the change log tells users`;
    expect(text, remedy).toBe(await readFile(typesOf(folder), 'utf8'));
  }
});

test('a page shows signatures, entry points and what they name; private members and comments it does not', async () => {
  const root = await temporaryFolder();
  const dist = join(root, 'packages/shop/dist');
  await mkdir(dist, { recursive: true });
  await writeFile(join(root, 'packages/shop/package.json'), '{ "name": "shop", "type": "module" }');
  await writeFile(
    join(dist, 'index.d.ts'),
    `import { Weight } from './weight.js';
    export { type Unit } from './weight.js';
    /** Said to people. */
    export declare function weigh(what: string, unit?: string): Weight;
    export declare function weigh(what: number): Weight;
    export declare const LIMITS: readonly [1, 2];
    export declare class Scale<T extends string> { private readonly hidden; #more; private constructor(); read(a: T): T }`,
  );
  await writeFile(
    join(dist, 'weight.d.ts'),
    `export interface Weight { readonly unit: Unit }
    export type Unit = 'kg' | import("./index.js").Scale<'g'> | 'g';
    export type Other = 1;`,
  );
  await writeFile(join(dist, 'browser.d.ts'), "export { LIMITS as default, weigh } from './index.js';\n");
  const exports = {
    '.': {
      browser: { types: './dist/browser.d.ts', default: './dist/browser.js' },
      types: './dist/index.d.ts',
      default: './dist/index.js',
    },
    './data/*': './data/*',
  };
  const shop: Package = { folder: 'shop', manifest: { name: 'shop', version: '1.0.0', exports } };
  expect(publicTypes([shop], root).get('shop')).toBe(`=== shop: ./dist/index.js
const LIMITS: readonly [
    1,
    2
];
class Scale<T extends string> {
    private constructor();
    read(a: T): T;
}
type Unit = 'g' | 'kg' | Scale<'g'>;
function weigh(what: string, unit?: string): Weight;
function weigh(what: number): Weight;
=== shop (browser): ./dist/browser.js
default: as in shop
weigh: as in shop
=== shop/data/*: ./data/*
=== named above, not exported
interface Weight {
    readonly unit: Unit;
}
`);
});

test('packages that were not built are told apart from packages that export nothing', async () => {
  const exports = { '.': { types: './dist/none.d.ts', default: './dist/none.js' } };
  const none: Package = { folder: 'none', manifest: { name: 'none', version: '1.0.0', exports } };
  expect(() => publicTypes([none])).toThrow(/none\.d\.ts: no module; build the packages first/);
});
