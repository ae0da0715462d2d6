import type { Stats } from 'node:fs';
import { copyFile, type FileHandle, link, lstat, mkdir, open, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode, UserError } from './error.js';
import { fileReason } from './files.js';
import { clearLitter, temporaryName } from './temporary-name.js';

/**
 * Creates a folder and its parents; does nothing if it exists. Node's own recursive `mkdir` never ends where the system
 * denies that the parent exists although it does, as below /proc.
 * @throws the system's error
 */
async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path);
  try {
    await mkdir(path);
  } catch (thrown) {
    if (await isFolder(path)) return;
    if (errorCode(thrown) !== 'ENOENT' || parent === path) throw thrown;
    // Somebody else may make the parent, and the folder itself, meanwhile.
    if (!(await isFolder(parent))) await makeFolder(parent);
    await mkdir(path).catch(async (again: unknown) => {
      if (!(await isFolder(path))) throw again;
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/**
 * Creates a folder and its parents, and proves that a file can be written there.
 * @throws UserError naming the folder and the reason.
 */
export async function writableFolder(path: string): Promise<void> {
  const probe = join(path, temporaryName());
  try {
    await makeFolder(path);
    await clearLitter(resolve(path));
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (thrown) {
    throw new UserError(`${path}: cannot write there (${fileReason(thrown)}); choose another folder`);
  }
}

/**
 * Writes a file whole or not at all: into a temporary file beside it, flushed to disk, then renamed. A file that is
 * replaced keeps its mode and, if the system allows it, its owner; a symbolic link stays and its target is written.
 * What is no file (a pipe, a device) is written as it is. Removes temporary files that ended processes left there.
 * @throws UserError naming the file and the reason; the temporary file is removed and an older file stays as it was.
 */
export async function writeWhole(path: string, ...parts: (Uint8Array | string)[]): Promise<void> {
  try {
    const target = await targetOf(path);
    const before = await stat(target).catch(() => undefined);
    if (before !== undefined && !before.isFile() && !before.isDirectory()) {
      return await writeInto(await open(target, 'w'), parts);
    }
    const folder = dirname(target);
    await makeFolder(folder);
    await clearLitter(resolve(folder));
    await replace(target, join(folder, temporaryName()), before, parts);
  } catch (thrown) {
    throw new UserError(`${path}: cannot be written (${fileReason(thrown)}); ${remedyFor(thrown)}`);
  }
}

/**
 * Keeps what a file holds under a second name in its folder, whole or not at all; {@link writeWhole} may then replace
 * the file. Costs no space until then where the file system has hard links, and a copy elsewhere.
 * @throws UserError naming the second file and the reason
 */
export async function keepUnder(path: string, name: string): Promise<void> {
  const kept = join(dirname(path), name);
  const temporary = join(dirname(path), temporaryName());
  try {
    const target = await targetOf(path);
    await link(target, temporary).catch(() => copyFile(target, temporary));
    await rename(temporary, kept);
  } catch (thrown) {
    throw new UserError(`${kept}: cannot be written (${fileReason(thrown)}); ${remedyFor(thrown)}`);
  } finally {
    // A rename between two links to one file leaves both, as POSIX says.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function replace(
  target: string,
  temporary: string,
  before: Stats | undefined,
  parts: readonly (Uint8Array | string)[],
): Promise<void> {
  try {
    const file = await open(temporary, 'wx', before === undefined ? 0o666 : before.mode & 0o777);
    await writeInto(file, parts, async () => {
      if (before !== undefined) await likeBefore(file, before);
      await file.sync();
    });
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** Writes and closes a file. @param then called before it is closed */
async function writeInto(
  file: FileHandle,
  parts: readonly (Uint8Array | string)[],
  then: () => Promise<void> = async () => undefined,
): Promise<void> {
  try {
    for (const part of parts) await file.writeFile(part);
    await then();
  } finally {
    await file.close();
  }
}

/** Gives a file the owner and the mode of the one it will replace. */
async function likeBefore(file: FileHandle, before: Stats): Promise<void> {
  const now = await file.stat();
  // Only root may give files away, and some file systems have no modes of their own.
  const ifAllowed = () => undefined;
  if (now.uid !== before.uid || now.gid !== before.gid) await file.chown(before.uid, before.gid).catch(ifAllowed);
  if (now.mode !== before.mode) await file.chmod(before.mode & 0o7777).catch(ifAllowed);
}

/** Links that are followed at most, as Linux does. */
const MOST_LINKS = 40;

/** Follows symbolic links of the last part of a path; the target need not exist. */
async function targetOf(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const kind = await lstat(target).catch(() => undefined);
    if (!kind?.isSymbolicLink()) return target;
    target = resolve(dirname(target), await readlink(target));
  }
  throw Object.assign(new Error('its symbolic links lead in a circle'), { code: 'ELOOP' });
}

function remedyFor(thrown: unknown): string {
  switch (errorCode(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'free the space or choose another place';
    case 'ENAMETOOLONG':
      return 'choose a shorter name';
    default:
      return 'choose another place';
  }
}
