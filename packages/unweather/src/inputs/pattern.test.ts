import * as files from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { temporaryFolder } from '@unweather/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expand } from './expand.js';
import { planOutputs } from './outputs.js';
import { filesLike } from './pattern.js';

const before = process.cwd();
let folder: string;
const TREE = [
  'photos (2024)/[raw]/a.png',
  'photos (2024)/[raw]/{deep}/b.png',
  'photos (2024)/r/c.png',
  'photos (2024)/IMG (1).png',
  'photos (2024)/IMG [2].png',
  'photos (2024)/IMG {3}.png',
  'photos (2024)/IMG 4.png',
  '!new/d.png',
  '+(x)/e.png',
  'plain/f.png',
  'plain/g1.png',
  'plain/g2.png',
  'a {1,2}/h.png',
];
beforeAll(async () => {
  folder = join(await temporaryFolder(), 'of [all] (kinds)');
  for (const file of TREE) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  process.chdir(folder);
});
afterAll(() => process.chdir(before));

test.each<[string, string, string[]]>([
  ['photos (2024)/[raw]/*.png', 'photos (2024)/[raw]', ['photos (2024)/[raw]/a.png']],
  ['photos (2024)/[raw]/{deep}/*.png', 'photos (2024)/[raw]/{deep}', ['photos (2024)/[raw]/{deep}/b.png']],
  ['./photos (2024)/[raw]/a.*', './photos (2024)/[raw]', ['photos (2024)/[raw]/a.png']],
  ['photos (2024)/IMG (*).png', 'photos (2024)', ['photos (2024)/IMG (1).png']],
  ['photos (2024)/IMG*(1).png', 'photos (2024)', ['photos (2024)/IMG (1).png']],
  ['plain/@(f|g1).png', 'plain', ['plain/f.png', 'plain/g1.png']],
  ['plain/!(f).png', 'plain', ['plain/g1.png', 'plain/g2.png']],
  ['photos (2024)/IMG [2-3]*.png', 'photos (2024)', []],
  ['photos (2024)/IMG [2].pn*', 'photos (2024)', ['photos (2024)/IMG [2].png']],
  ['photos (2024)/IMG \\{*', 'photos (2024)', ['photos (2024)/IMG {3}.png']],
  ['*/[raw]/*.png', '.', ['photos (2024)/[raw]/a.png', 'photos (2024)/r/c.png']],
  ['**/{deep}/*', '.', ['photos (2024)/[raw]/{deep}/b.png']],
  ['photos \\(2024\\)/\\[raw\\]/*.png', 'photos (2024)/[raw]', ['photos (2024)/[raw]/a.png']],
  ['!new/*.png', '!new', ['!new/d.png']],
  ['+(x)/*', '+(x)', ['+(x)/e.png']],
  ['a {1,2}/*.png', 'a {1,2}', ['a {1,2}/h.png']],
  ['plain/g[12].png', 'plain', ['plain/g1.png', 'plain/g2.png']],
  ['plain/{f,g1}.png', 'plain', ['plain/f.png', 'plain/g1.png']],
  ['{plain/f,!new/d}.png', '.', ['!new/d.png', 'plain/f.png']],
  ['none (1)/*.png', '.', []],
])('%s', async (pattern, base, paths) => {
  const found = await filesLike(pattern);
  expect([found.base, [...found.paths].sort()]).toEqual([base, paths]);
});

test('a pattern may begin at the root, and with folders above', async () => {
  const { base, paths } = await filesLike(`${folder}/plain/*.png`);
  expect([base, paths.length, relative(folder, [...paths].sort()[0]!)]).toEqual([`${folder}/plain`, 3, 'plain/f.png']);
  expect((await filesLike('../of [all] (kinds)/plain/f*')).paths).toEqual(['../of [all] (kinds)/plain/f.png']);
});

test('folders that may not be read are named, wherever the pattern reaches them', async () => {
  await symlink('plain', 'link');
  const denied = (paths: readonly string[]) => (path: string, options: unknown, done: (thrown: unknown) => void) =>
    paths.some((one) => path.replace(/\/$/, '') === join(folder, one))
      ? done(Object.assign(new Error('EACCES'), { code: 'EACCES', path }))
      : files.readdir(path, options as never, done as never);
  const without = (...paths: string[]) => ({ ...files, readdir: denied(paths) });
  const one = await filesLike('**/*.png', without('photos (2024)/[raw]', '!new'));
  expect([...one.unread].sort()).toEqual(['!new', 'photos (2024)/[raw]']);
  expect(one.paths).toContain('photos (2024)/r/c.png');
  expect((await filesLike('photos*/[[]raw]/*', without('photos (2024)/[raw]', '!new'))).unread).toEqual([
    'photos (2024)/[raw]',
  ]);
  expect((await filesLike('l*/*.png', without('plain'))).unread).toEqual(['plain']);
  expect((await filesLike(`${folder}/*/*.png`, without('plain'))).unread).toEqual([join(folder, 'plain')]);
  // As for a folder that is named itself.
  await expect(filesLike('plain/*.png', without('plain'))).rejects.toThrow(
    /^plain: the folder cannot be read \(permission denied\); fix its permissions, or choose another folder$/,
  );
  await files.promises.rm('link');
});

test('results lie below the output folder as the pictures lie below the named folders', async () => {
  const out = 'out (1)/[x]/{y}';
  const { pictures } = await expand(['photos (2024)/[raw]/**/*.png'], { recursive: false, out });
  const { plans } = await planOutputs(pictures, { out, overwrite: false });
  expect(plans.map(({ output }) => output)).toEqual([`${out}/a.png`, `${out}/{deep}/b.png`]);
  await mkdir('photos (2024)/[out]', { recursive: true });
  await writeFile('photos (2024)/[out]/a.png', '');
  const all = await expand(['photos (2024)/**/a.png'], { recursive: false, out: 'photos (2024)/[out]' });
  expect(all.pictures.map(({ path }) => path)).toEqual(['photos (2024)/[raw]/a.png']);
});
