import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { temporaryName } from './temporary-name.js';
import { writableFolder, writeWhole } from './write-whole.js';

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
    /taken: cannot be written \(.+\); choose another place/,
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

test.runIf(process.platform === 'linux')('a place that the system denies ends at once, with its name', async () => {
  const denied = /^\/proc\/x\/y(\/z\.png)?: cannot (be written|write there) \(no such file or folder\); choose another/;
  await expect(writeWhole('/proc/x/y/z.png', 'x')).rejects.toThrow(denied);
  await expect(writableFolder('/proc/x/y')).rejects.toThrow(denied);
});

test('folders may be made by several writers at once, through links, and not through broken ones', async () => {
  const folder = await temporaryFolder();
  const names = Array.from({ length: 20 }, (_, i) => `${i}.txt`);
  await Promise.all(names.map((name) => writeWhole(join(folder, 'a/b/c/d', name), name)));
  expect((await readdir(join(folder, 'a/b/c/d'))).sort()).toEqual([...names].sort());
  await symlink('a', join(folder, 'link'));
  await symlink('nowhere', join(folder, 'broken'));
  await writeWhole(join(folder, 'link/e/x.txt'), 'x');
  expect(await readFile(join(folder, 'a/e/x.txt'), 'utf8')).toBe('x');
  await expect(writeWhole(join(folder, 'broken/e/x.txt'), 'x')).rejects.toThrow('a file with that name is in the way');
});

describe('names', () => {
  test.each([1, 240, 241, 251, 255])('of %i bytes are written', async (length) => {
    const folder = await temporaryFolder();
    const name = `${'ä'.repeat(Math.floor(length / 2))}${'x'.repeat(length % 2)}`;
    await writeWhole(join(folder, name), 'one');
    await writeWhole(join(folder, name), 'two');
    expect(await readdir(folder)).toEqual([name]);
    expect(await readFile(join(folder, name), 'utf8')).toBe('two');
  });

  test('that are too long for the system are refused by what is wrong', async () => {
    const folder = await temporaryFolder();
    await expect(writeWhole(join(folder, 'x'.repeat(256)), 'x')).rejects.toThrow(
      /x: cannot be written \(the name is too long\); choose a shorter name$/,
    );
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('what is replaced', () => {
  test.each([0o600, 0o640, 0o755, 0o444, 0o666])('keeps its mode %o', async (mode) => {
    const path = join(await temporaryFolder(), 'x.txt');
    await writeFile(path, 'old');
    await chmod(path, mode);
    await writeWhole(path, 'new');
    expect((await stat(path)).mode & 0o777).toBe(mode);
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  // Root alone gives files to others.
  test.runIf(process.getuid?.() === 0)('keeps its owner', async () => {
    const path = join(await temporaryFolder(), 'x.txt');
    const file = await open(path, 'w');
    await file.chown(1234, 2345);
    await file.close();
    await chmod(path, 0o640);
    await writeWhole(path, 'new');
    const { uid, gid, mode } = await stat(path);
    expect([uid, gid, mode & 0o777]).toEqual([1234, 2345, 0o640]);
  });

  test('is the target of a symbolic link, of several, and of one that leads nowhere yet', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real/x.txt'), 'old');
    await chmod(join(folder, 'real/x.txt'), 0o600);
    await symlink('real/x.txt', join(folder, 'one'));
    await symlink(join(folder, 'one'), join(folder, 'two'));
    await symlink('real/new/y.txt', join(folder, 'later'));
    await writeWhole(join(folder, 'two'), 'new');
    await writeWhole(join(folder, 'later'), 'later');
    expect(await readlink(join(folder, 'two'))).toBe(join(folder, 'one'));
    expect(await readlink(join(folder, 'one'))).toBe('real/x.txt');
    expect(await readFile(join(folder, 'real/x.txt'), 'utf8')).toBe('new');
    expect((await stat(join(folder, 'real/x.txt'))).mode & 0o777).toBe(0o600);
    expect((await lstat(join(folder, 'later'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'real/new/y.txt'), 'utf8')).toBe('later');
    expect((await readdir(folder)).sort()).toEqual(['later', 'one', 'real', 'two']);
    expect((await readdir(join(folder, 'real'))).sort()).toEqual(['new', 'x.txt']);
  });

  test('is no circle of links', async () => {
    const folder = await temporaryFolder();
    await symlink('b', join(folder, 'a'));
    await symlink('a', join(folder, 'b'));
    await expect(writeWhole(join(folder, 'a'), 'x')).rejects.toThrow('its symbolic links lead in a circle');
  });

  test.runIf(process.platform === 'linux')('stays a device or a pipe', async () => {
    const folder = await temporaryFolder();
    await symlink('/dev/full', join(folder, 'full.png'));
    await expect(writeWhole(join(folder, 'full.png'), 'x')).rejects.toThrow(
      /full\.png: cannot be written \(no space left on the device\); free the space or choose another place$/,
    );
    await symlink('/dev/null', join(folder, 'null.png'));
    await writeWhole(join(folder, 'null.png'), 'x');
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    const pipe = join(folder, 'pipe');
    await once(spawn('mkfifo', [pipe]), 'close');
    const [read] = await Promise.all([readFile(pipe, 'utf8'), writeWhole(pipe, 'through ', 'the pipe')]);
    expect(read).toBe('through the pipe');
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  test('leaves other names of the same file as they are', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a'), 'old');
    await link(join(folder, 'a'), join(folder, 'b'));
    await writeWhole(join(folder, 'a'), 'new');
    expect(await readFile(join(folder, 'b'), 'utf8')).toBe('old');
  });
});

describe('temporary files', () => {
  /** Runs a program that begins to write a file and never ends. */
  async function writing(folder: string) {
    const code = `import { writeWhole } from '${new URL('write-whole.js', import.meta.url).href}';
      const endless = { async *[Symbol.asyncIterator]() { yield 'half'; console.log('writing'); await new Promise(() => setInterval(() => 0, 1e3)); } };
      await writeWhole(${JSON.stringify(join(folder, 'x.txt'))}, endless);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'pipe' });
    await once(child.stdout, 'data');
    return async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    };
  }

  test('of a killed process are cleared by the next run, those of a running one stay', async () => {
    const [folder, other] = [await temporaryFolder(), await temporaryFolder()];
    const [kill, killOther] = [await writing(folder), await writing(other)];
    await writeWhole(join(other, 'y.txt'), 'y');
    expect(await readdir(other)).toHaveLength(2);
    await kill();
    const left = await readdir(folder);
    expect(left).toEqual([expect.stringMatching(/^\.unweather-.+\.tmp$/)]);
    await writeWhole(join(folder, 'y.txt'), 'y');
    expect(await readdir(folder)).toEqual(['y.txt']);
    await killOther();
  });

  test('whose process number is another process’s by now are cleared; those of other machines after a day, ours never while they are written', async () => {
    const folder = await temporaryFolder();
    const own = temporaryName();
    const reused = own.replace(/-\d+-([0-9a-f]+\.tmp)$/, '-1-$1');
    const elsewhere = own.replace(/^\.unweather-[0-9a-f]{8}/, '.unweather-00000000');
    const old = elsewhere.replace(/[0-9a-f]{8}\.tmp$/, '11111111.tmp');
    const foreign = ['.unweather-notes.tmp', 'x.png.tmp', '.123-abc.tmp'];
    for (const name of [own, reused, elsewhere, old, ...foreign]) await writeFile(join(folder, name), '');
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    for (const name of [own, old, ...foreign]) await utimes(join(folder, name), twoDaysAgo, twoDaysAgo);
    await writableFolder(folder);
    const reusedStays = process.platform === 'linux' ? [] : [reused];
    expect((await readdir(folder)).sort()).toEqual([own, elsewhere, ...reusedStays, ...foreign].sort());
  });
});

test('files in new folders, one inside the other, are written at once', async () => {
  const folder = await temporaryFolder();
  const names = Array.from({ length: 8 }, (_, i) => Array.from({ length: i + 1 }, (_, depth) => `d${depth}`).join('/'));
  for (let round = 0; round < 20; round++) {
    const paths = names.map((name) => join(folder, `round-${round}`, name, 'file'));
    await Promise.all(paths.map((path) => writeWhole(path, path)));
    for (const path of paths) expect(await readFile(path, 'utf8')).toBe(path);
  }
});
