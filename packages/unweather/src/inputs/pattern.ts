import * as files from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { errorCode, fileReason, UserError } from '@unweather/core-tensor';
import { type FileSystemAdapter, glob } from 'tinyglobby';

/** Files that match a pattern. */
export interface Matches {
  /** Folders of the pattern before its first part that matches several names; '.' if there are none. */
  readonly base: string;
  /** Paths as they can be opened. */
  readonly paths: readonly string[];
  /** Folders, and links, that the pattern reaches and the system does not let read. */
  readonly unread: readonly string[];
}

/**
 * Finds the files that match a pattern. Its first folders are names if they exist, whatever is in them: "(2024)" and
 * "[raw]" are usual names of folders. In what follows, [] and {} stand for themselves as well as for alternatives, and so
 * do () after one of @!+*?; other () are letters. A backslash before a bracket makes it a letter.
 * @param system file system to search
 * @throws UserError naming the folder that the pattern begins with, if it cannot be read
 */
export async function filesLike(pattern: string, system: FileSystem = files): Promise<Matches> {
  const slashes = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const { base, rest } = await split(slashes);
  const patterns = [...new Set([withPlainGroups(rest), withPlainBrackets(rest)])];
  const failed = new Map<string, unknown>();
  const found = await glob(patterns, { cwd: base, expandDirectories: false, fs: noting(system, failed) });
  const first = failed.get(resolve(base));
  if (first !== undefined)
    throw new UserError(
      `${base}: the folder cannot be read (${fileReason(first)}); fix its permissions, or choose another folder`,
    );
  const here = (path: string) => join(base, relative(resolve(base), path));
  return { base, paths: found.map((path) => join(base, path)), unread: [...failed.keys()].map(here) };
}

/** What is asked of a file system: by path, answered by a callback that comes last. */
type FileSystem = Readonly<Record<'readdir' | 'realpath' | 'stat', unknown>>;
type Ask = (path: string, ...rest: unknown[]) => void;
type Answer = (thrown: unknown, ...results: unknown[]) => void;

/** Errors of a path that leads nowhere: a link to a file that is gone, a folder that is removed meanwhile. */
const NOTHING_THERE = ['ENOENT', 'ENOTDIR', 'ELOOP'];

/** The file system, with a note of every path that cannot be read: the globber passes over them without a word. */
function noting({ readdir, realpath, stat }: FileSystem, failed: Map<string, unknown>): FileSystemAdapter {
  const noted = (ask: unknown): Ask => {
    return (path, ...rest) => {
      const answer = rest.pop() as Answer;
      (ask as Ask)(path, ...rest, (thrown: unknown, ...results: unknown[]) => {
        if (thrown && !NOTHING_THERE.includes(errorCode(thrown) ?? '')) failed.set(resolve(path), thrown);
        answer(thrown, ...results);
      });
    };
  };
  return { readdir: noted(readdir), realpath: noted(realpath), stat: noted(stat) } as FileSystemAdapter;
}

async function split(pattern: string): Promise<{ readonly base: string; readonly rest: string }> {
  const parts = pattern.split('/');
  let [base, fixed] = ['', 0];
  while (fixed < parts.length - 1) {
    const part = parts[fixed]!;
    const named = plainName(part);
    if (named === undefined) break;
    const folder = fixed === 0 ? named || '/' : `${base === '/' ? '' : base}/${named}`;
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) break;
    base = folder;
    fixed++;
  }
  return { base: base || '.', rest: parts.slice(fixed).join('/') };
}

/** The name that a part of a pattern may stand for, without backslashes; undefined if it has a * or ?. */
function plainName(part: string): string | undefined {
  return /(^|[^\\])[*?]/.test(part) ? undefined : part.replace(/\\(.)/g, '$1');
}

/** The pattern in which round brackets are letters, except for those of @(a|b) and the like. */
function withPlainGroups(pattern: string): string {
  const isPlain: boolean[] = [];
  return pattern.replace(/\\.|[()]/g, (found, at: number) => {
    if (found.length > 1) return found;
    if (found === '(') isPlain.push(!/[@!+*?]/.test(pattern[at - 1] ?? ''));
    return (found === '(' ? isPlain.at(-1) : (isPlain.pop() ?? true)) ? `\\${found}` : found;
  });
}

/** The pattern in which all brackets are letters. */
function withPlainBrackets(pattern: string): string {
  const plain = pattern.replace(/\\.|[()[\]{}]/g, (found) => (found.length > 1 ? found : `\\${found}`));
  return plain === pattern ? pattern : plain.replace(/^!/, '\\!');
}
