import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { UserError } from './error.js';
import { pathOf, withPaths } from './path.js';

const before = process.cwd();
beforeAll(async () => {
  process.chdir(await temporaryFolder());
  await mkdir('file:');
  await writeFile('file:/there.png', '');
  await writeFile('file:x.png', '');
});
afterAll(() => process.chdir(before));

test.each<[string | URL, string]>([
  ['file:///tmp/a%20b%C3%A4.png', '/tmp/a bä.png'],
  ['file:/tmp/x.png', '/tmp/x.png'],
  ['FILE://localhost/tmp/x.png', '/tmp/x.png'],
  [new URL('file:///tmp/x.png'), '/tmp/x.png'],
  ['file:x.png', 'file:x.png'],
  ['file:none.png', 'file:none.png'],
  ['file:/there.png', 'file:/there.png'],
  ['a%20b.png', 'a%20b.png'],
  ['https://example.org/x.png', 'https://example.org/x.png'],
])('%s', (place, path) => {
  expect(pathOf(place)).toBe(path);
});

test.each<[string | URL, RegExp]>([
  [
    'file://host/x.png',
    /^file:\/\/host\/x\.png: names no file of this machine \(File URL host must be .+\); give a path/,
  ],
  [
    'file:///a%2Fb.png',
    /^file:\/\/\/a%2Fb\.png: names no file of this machine \(.+ encoded \/ characters\); give a path/,
  ],
  ['file:///a%zz.png', /^file:\/\/\/a%zz\.png: names no file of this machine \(URI malformed\); give a path/],
  [new URL('https://example.org/x.png'), /^https:.+: names no file of this machine \(.+scheme file\); give/],
])('%s is refused', (place, message) => {
  expect(() => pathOf(place)).toThrow(expect.objectContaining({ constructor: UserError }));
  expect(() => pathOf(place)).toThrow(message);
});

test('what is neither a path nor a URL is shown with its type', () => {
  expect(() => pathOf(5 as never)).toThrow('5 is no place of a file; give a path or a file: URL');
  expect(() => pathOf({ path: 'x' } as never)).toThrow('an object of path is no place of a file');
});

test('a command line takes URLs of files everywhere', () => {
  const url = pathToFileURL('/a b/x.png').href;
  const others = [
    'restore',
    '-o',
    'x',
    `--set=a=${url}`,
    'https://a.example/x',
    `${url}#sha256=${'0'.repeat(64)}`,
    'file:x.png',
  ];
  expect(withPaths([url, `--out=${url}`, ...others])).toEqual(['/a b/x.png', '--out=/a b/x.png', ...others]);
  expect(() => withPaths(['--out=file://host/x'])).toThrow('file://host/x: names no file of this machine');
});
