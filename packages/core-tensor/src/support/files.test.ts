import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { readWhole, writableFolder, writeWhole } from './files.js';

test('a file is written whole, in folders made for it, and nothing else stays behind', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b');
  await writeWhole(join(folder, 'x.txt'), 'old');
  await writeWhole(join(folder, 'x.txt'), 'new ', new TextEncoder().encode('text'));
  expect(await readFile(join(folder, 'x.txt'), 'utf8')).toBe('new text');
  expect(await readdir(folder)).toEqual(['x.txt']);
});

test('a failed write names the file and the reason, keeps what was there and leaves no temporary file', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'taken'));
  await writeFile(join(folder, 'taken', 'inside'), '');
  await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toThrow(
    /taken: cannot be written \(.+\); free the space or/,
  );
  expect(await readdir(folder)).toEqual(['taken']);
});

test('a folder under a file cannot be written', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  await expect(writableFolder(join(folder, 'file', 'out'))).rejects.toThrow(
    /out: cannot write there \(a part of the path is a file, not a folder\); choose another folder/,
  );
});

test('a missing file is named with the remedy', async () => {
  await expect(readWhole('/no/such/file', 'check the path')).rejects.toThrow(
    '/no/such/file: cannot be read (no such file or folder); check the path',
  );
});
