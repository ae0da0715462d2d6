import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyPairs } from './bad-pairs.js';
import { readMeta } from './meta.js';
import { temporaryFolder, writeNoise } from './test-support.js';

async function metaFile(content: unknown): Promise<string> {
  const path = join(await temporaryFolder(), 'meta.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('paths are relative to the meta file, or to the root that is given', async () => {
  const path = await metaFile([['gt/1.png', 'rain/1.png']]);
  const [pair] = await readMeta(path);
  expect(pair).toMatchObject({ kind: 'files', name: 'entry 0', truth: join(path, '../gt/1.png') });
  const [rooted] = await readMeta(path, '/data');
  expect(rooted).toMatchObject({ truth: '/data/gt/1.png', input: '/data/rain/1.png' });
});

test.each<[string, (text: string) => Uint8Array]>([
  ['a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 of the other order', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('a meta file of Windows, with backslashes and %s, is read as any other', async (_what, encode) => {
  const path = await metaFile('');
  await writeFile(path, encode(JSON.stringify([['gt\\ä\\1.png', 'rain\\1.png#left']])));
  expect(await readMeta(path, '/d')).toMatchObject([{ truth: '/d/gt/ä/1.png', input: '/d/rain/1.png#left' }]);
});

test('a file whose name differs in case alone is named', async () => {
  const folder = await temporaryFolder();
  await writeNoise(folder, { '5.PNG': [8, 8] });
  await writeFile(join(folder, 'meta.json'), '[["5.png","5.PNG"]]');
  await expect(verifyPairs(await readMeta(join(folder, 'meta.json')))).rejects.toThrow(
    /pair "entry 0": .+5\.png: cannot be read \(no such file or folder\); check the path; there is 5\.PNG, write it so/,
  );
});

test.each<[string, unknown, RegExp]>([
  ['no JSON', '[["a","b"]', /meta\.json: not JSON \(.+\); a meta file is a JSON list of pairs/],
  ['no list', { gt: 'a' }, /meta\.json: .*expected array.*; a meta file is/],
  ['an empty list', [], /the list is empty/],
  ['an entry of one path', [['a', 'b'], ['c']], /entry 1: /],
  ['an entry that is a text', ['a'], /entry 0: .*expected tuple/],
  ['an empty path', [['a', '']], /entry 0: a path is empty/],
  ['an absolute path', [['a', '/b']], /entry 0: a path is absolute; paths are relative to the root/],
  ['a path out of the root', [['../a', 'b']], /entry 0: a path leaves the root by "\.\."/],
])('%s is refused by file and entry', async (_what, content, message) => {
  const path = await metaFile(content);
  await expect(readMeta(path)).rejects.toThrow(message);
});

test('weather and noise are named behind the true picture’s own path', async () => {
  const pairs = await readMeta(
    await metaFile([
      ['a.png', 'a.png#noise-50'],
      ['b.png', 'b.png#noise-drawn'],
      ['c.png', 'c.png#dense-rain-storm'],
      ['c.png', 'c.png#room-haze-drawn'],
      ['c.png', 'c.png#screened-rain-drawn'],
      ['c.png', 'c.png#added-rain-storm'],
      ['c.png', 'c.png#haze'],
    ]),
    '/d',
  );
  expect(pairs).toMatchObject([
    { kind: 'synthesised', truth: '/d/a.png', degradation: 'gaussian-noise-seeded', level: '50' },
    { kind: 'synthesised', truth: '/d/b.png', degradation: 'gaussian-noise', level: 'drawn', seed: 'visit' },
    { kind: 'synthesised', truth: '/d/c.png', degradation: 'dense-rain', level: 'storm', seed: 0 },
    { kind: 'synthesised', truth: '/d/c.png', degradation: 'room-haze', level: 'drawn', seed: 'visit' },
    { kind: 'synthesised', truth: '/d/c.png', degradation: 'screened-rain', level: 'drawn', seed: 'visit' },
    { kind: 'synthesised', truth: '/d/c.png', degradation: 'added-rain', level: 'storm', seed: 0 },
    { kind: 'files', input: '/d/c.png#haze' },
  ]);
  await expect(readMeta(await metaFile([['a.png', 'b.png#noise-30']]))).rejects.toThrow(
    /entry 0: noise is added to the true picture of the pair; write ".+a\.png#noise-30"/,
  );
  await expect(readMeta(await metaFile([['a.png', 'a.png#rain-mild']]))).rejects.toThrow(
    'entry 0: there is no rain-mild; choose one of light, medium, heavy, drawn',
  );
});

test('a missing meta file is named', async () => {
  await expect(readMeta('/no/meta.json')).rejects.toThrow('/no/meta.json: cannot be read (no such file or folder)');
});

test('pairs are verified by entry: missing, unreadable, of two sizes, smaller than the crop', async () => {
  const folder = await temporaryFolder();
  await writeNoise(folder, { 'a.png': [20, 10], 'b.png': [20, 10], 'c.png': [10, 20] });
  await writeFile(join(folder, 'text.png'), (await readFile(join(folder, 'a.png'))).subarray(0, 10));
  const verify = async (entries: string[][], side?: number) => {
    const path = join(folder, 'meta.json');
    await writeFile(path, JSON.stringify([['a.png', 'b.png'], ...entries]));
    await verifyPairs(await readMeta(path), side === undefined ? undefined : { width: side, height: side });
  };
  await verify([], 10);
  await expect(verify([['a.png', 'none.png']])).rejects.toThrow(
    /pair "entry 1": .+none\.png: cannot be read \(no such file/,
  );
  await expect(verify([['text.png', 'a.png']])).rejects.toThrow(/pair "entry 1": .+text\.png: not a readable picture/);
  await expect(verify([['a.png', 'c.png']])).rejects.toThrow(
    /pair "entry 1": .+a\.png is 20×10, .+c\.png is 10×20; a pair needs two pictures of one size/,
  );
  await expect(verify([], 11)).rejects.toThrow(
    /pair "entry 0": .+a\.png is 20×10, smaller than the crop of 11×11; leave it out of the meta file or choose/,
  );
});
