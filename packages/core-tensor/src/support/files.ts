import { access, open, readFile } from 'node:fs/promises';
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
};

/** Describes the reason of a file error in words. */
export function fileReason(thrown: unknown): string {
  return REASONS[errorCode(thrown) ?? ''] ?? messageOf(thrown);
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
