import { access, open, readFile, stat } from 'node:fs/promises';
import { errorCode, messageOf, UserError } from './error.js';

const REASONS: Record<string, string> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'a file with that name is in the way',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EBUSY: 'another program uses it',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  EDQUOT: 'your disk quota is used up',
  ESPIPE: 'it is a pipe, which can be read only once; write it to a file first',
};

/** Bytes of a file, with its name for messages. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Describes the reason of a file error in words. */
export function fileReason(thrown: unknown): string {
  const code = errorCode(thrown) ?? '';
  if (code === 'ENOENT' && hasBrokenName(thrown)) return NOT_UTF8;
  return REASONS[code] ?? messageOf(thrown);
}

/** The name of a file as bytes of another encoding, which Node reads as replacement characters and finds no more. */
const NOT_UTF8 = 'no such file, since its name is not UTF-8: rename it';

function hasBrokenName(thrown: unknown): boolean {
  const { path } = thrown as { readonly path?: unknown };
  return typeof path === 'string' && path.includes('\ufffd');
}

/**
 * True for pipes, sockets and devices: opening one may wait for ever, and what was read of it is gone.
 * @throws the system's error if nothing is there
 */
export async function isStream(path: string): Promise<boolean> {
  const kind = await stat(path);
  return !kind.isFile() && !kind.isDirectory();
}

/** True if a file or a folder exists at the path. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Reads a whole file.
 * @throws UserError naming the file, the reason, and `remedy`.
 */
export async function readWhole(path: string, remedy: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new UserError(`${path}: cannot be read (${fileReason(thrown)}); ${remedy}`);
  }
}

/** Reads the first `count` bytes of a file, fewer if it is shorter. @throws UserError as {@link readWhole} */
export function readStart(path: string, count: number, remedy: string): Promise<Buffer> {
  return readPart(path, () => 0, count, remedy);
}

/** Reads the last `count` bytes of a file, fewer if it is shorter. @throws UserError as {@link readWhole} */
export function readEnd(path: string, count: number, remedy: string): Promise<Buffer> {
  return readPart(path, (size) => Math.max(0, size - count), count, remedy);
}

async function readPart(
  path: string,
  startIn: (size: number) => number,
  count: number,
  remedy: string,
): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const stats = await file.stat();
      // A file may claim a header far larger than itself.
      const length = stats.isFile() ? Math.min(count, stats.size) : count;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, startIn(stats.size));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw new UserError(`${path}: cannot be read (${fileReason(thrown)}); ${remedy}`);
  }
}
