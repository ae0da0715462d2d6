import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileReason, UserError } from '@unweather/core-tensor';
import { readMetaList } from '../meta.js';
import { fileOf, openPicture } from '../picture-file.js';
import { inLanes } from '../prepare/lanes.js';
import type { Reporter } from '../report.js';
import { distance, type Fingerprint, fingerprint } from './fingerprint.js';
import { SAME_SCENE } from './leakage.js';

/** Options for comparing pairs to train on with pairs to test on. */
export interface TwoListsOptions {
  /** Meta file, or folder, of the pairs to train on. */
  readonly train: string;
  /** Meta file, or folder, of the pairs to test on. */
  readonly test: string;
  /** Folder the paths are relative to; default: each meta file's own. */
  readonly root?: string | undefined;
  /** True if what both have is an error. */
  readonly strict: boolean;
}

/** A picture to test on with the one to train on that it equals. */
export interface SharedPicture {
  /** Why they are the same: the file, its bytes, or the scene of two truths. */
  readonly kind: 'file' | 'content' | 'scene';
  readonly test: string;
  readonly train: string;
}

const KINDS = { file: 'the same file', content: 'the same bytes', scene: 'the same scene' } as const;
const SHOWN = 10;

/**
 * Compares two lists of pairs: the files of truths and inputs by path and by SHA-256, the truths by a perceptual hash.
 * Each picture to test on is listed once, by the first of these that holds.
 * @throws UserError naming a file that cannot be read, or, if strict, the number of pictures that both have
 * @throws Interrupted once the signal is aborted
 */
export async function compareLists(
  { train, test, root, strict }: TwoListsOptions,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<readonly SharedPicture[]> {
  const [from, to] = [await picturesOf(train, root, reporter, signal), await picturesOf(test, root, reporter, signal)];
  const files = new Map(from.files.map((file) => [file.real, file]));
  const contents = new Map(from.files.map((file) => [file.sha256, file]));
  const shared: SharedPicture[] = [];
  const found = new Set<string>();
  for (const { name, real, sha256 } of to.files) {
    const file = files.get(real);
    const same = file ?? contents.get(sha256);
    if (same === undefined) continue;
    shared.push({ kind: file === undefined ? 'content' : 'file', test: name, train: same.name });
    found.add(real);
  }
  for (const { name, real, print } of to.truths) {
    const same = found.has(real) ? undefined : from.truths.find((truth) => distance(truth.print, print) <= SAME_SCENE);
    if (same !== undefined) shared.push({ kind: 'scene', test: name, train: same.name });
  }
  const among = { file: to.files.length, content: to.files.length, scene: to.truths.length };
  for (const kind of ['file', 'content', 'scene'] as const) {
    const some = shared.filter((one) => one.kind === kind);
    const listed = some.slice(0, SHOWN).map((one) => `${one.test} is ${one.train}`);
    const listing = some.length === 0 ? '' : `: ${listed.join(', ')}${some.length > SHOWN ? ', …' : ''}`;
    const what = kind === 'scene' ? 'truths' : 'files';
    reporter.say(`${KINDS[kind]}: ${some.length} of ${among[kind]} ${what} of ${test} are in ${train}${listing}`);
  }
  if (strict && shared.length > 0)
    throw new UserError(
      `${test}: shares ${shared.length} pictures with ${train}, as listed; leave them out of the pairs to train on`,
    );
  return shared;
}

interface Pictures {
  readonly files: readonly { readonly name: string; readonly real: string; readonly sha256: string }[];
  readonly truths: readonly { readonly name: string; readonly real: string; readonly print: Fingerprint }[];
}

async function picturesOf(
  path: string,
  root: string | undefined,
  reporter: Reporter,
  signal: AbortSignal | undefined,
): Promise<Pictures> {
  const { pairs, root: below } = await readMetaList(path, root);
  const clean = [...new Set(pairs.map(({ truth }) => truth))];
  const degraded = pairs.flatMap((pair) => (pair.kind === 'files' ? [pair.input] : []));
  const paths = [...new Set([...clean, ...degraded].map(fileOf))];
  const done = (total: number) => (count: number) => reporter.progress(path, count, total);
  const files = await inLanes(
    paths,
    async (file) => ({ name: relative(below, file), real: await realOf(file), sha256: await hashOf(file) }),
    { signal, done: done(paths.length) },
  );
  const truths = await inLanes(
    clean,
    async (truth) => ({
      name: relative(below, truth),
      real: await realOf(fileOf(truth)),
      print: await fingerprint(await openPicture(truth)),
    }),
    { signal, done: done(clean.length) },
  );
  return { files, truths };
}

const unreadable = (path: string, thrown: unknown) =>
  new UserError(`${path}: cannot be read (${fileReason(thrown)}); correct the meta file or the path of --root`);

async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

/** SHA-256 of a file. @throws UserError naming it */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
  return hash.digest('hex');
}
