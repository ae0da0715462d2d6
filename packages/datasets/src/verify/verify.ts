import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileReason, readText, UserError } from '@unweather/core-tensor';
import { MetaFile } from '../meta.js';
import { inLanes } from '../prepare/lanes.js';
import { type PreparedSplit, preparedSplits, readPrepared } from '../prepare/sidecar.js';
import { parseJson, type Registry } from '../registry.js';
import type { Reporter } from '../report.js';
import { fingerprints, type Leakage, leakage, type Truths } from './leakage.js';

/** Options for verifying prepared splits. */
export interface VerifyOptions {
  /** Dataset to verify; default: every prepared one. */
  readonly dataset?: string | undefined;
  /** Folder of the meta files. */
  readonly out: string;
  /** True if scenes shared by training and test splits are an error. */
  readonly strict: boolean;
}

/**
 * Compares every file of the prepared splits with its hash, and the truths of training splits with those of test splits
 * of the same dataset.
 * @throws UserError naming the first files that are missing or changed, and their count
 * @throws Interrupted once the signal is aborted
 */
export async function verify(
  registry: Registry,
  { dataset, out, strict }: VerifyOptions,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<readonly Leakage[]> {
  const all = await preparedSplits(out);
  const splits = dataset === undefined ? all : all.filter((split) => split.dataset === dataset);
  if (splits.length === 0)
    throw new UserError(
      `${out}: contains no prepared ${dataset === undefined ? 'dataset' : `split of ${dataset}`}; prepare it first`,
    );
  for (const split of splits) await verifyFiles(split, reporter, signal);
  const leaks: Leakage[] = [];
  for (const name of new Set(splits.map((split) => split.dataset)))
    leaks.push(
      ...(await sharedScenes(
        registry,
        name,
        splits.filter((split) => split.dataset === name),
        reporter,
        signal,
      )),
    );
  if (strict && leaks.some(({ shared }) => shared.length > 0))
    throw new UserError(
      'training and test splits share scenes, as listed; leave them out of the meta file to train on',
    );
  return leaks;
}

const SHOWN = 5;

async function verifyFiles(split: PreparedSplit, reporter: Reporter, signal: AbortSignal | undefined): Promise<void> {
  const what = `${split.dataset} ${split.split}`;
  const { files } = await readPrepared(split.meta.replace(/\.json$/, '.info.json'));
  const paths = Object.keys(files);
  const answers = await inLanes(paths, (path) => stateOf(join(split.root, path), files[path]!), {
    signal,
    done: (count) => reporter.progress(what, count, paths.length),
  });
  const wrong = answers.filter((answer) => answer !== undefined);
  if (wrong.length === 0) {
    reporter.say(`${what}: ${paths.length} files are unchanged`);
    return;
  }
  const more = wrong.length > SHOWN ? `, and ${wrong.length - SHOWN} more` : '';
  throw new UserError(
    `${what}: ${wrong.length} of ${paths.length} files have changed or cannot be read: ` +
      `${wrong.slice(0, SHOWN).join(', ')}${more}; restore them or prepare the split again`,
  );
}

/** Describes the problem with a file; undefined if there is none. */
async function stateOf(path: string, sha256: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (thrown) {
    return `${path} (${fileReason(thrown)})`;
  }
  return hash.digest('hex') === sha256 ? undefined : `${path} (changed)`;
}

async function sharedScenes(
  registry: Registry,
  dataset: string,
  splits: readonly PreparedSplit[],
  reporter: Reporter,
  signal: AbortSignal | undefined,
): Promise<Leakage[]> {
  const known = registry.datasets[dataset]?.splits ?? [];
  const of = (use: 'train' | 'test') =>
    splits.filter(({ split }) => known.some((candidate) => candidate.name === split && candidate.use === use));
  const [train, test] = [of('train'), of('test')];
  if (train.length === 0 || test.length === 0) return [];
  const truths = new Map<PreparedSplit, Truths>();
  for (const split of [...train, ...test]) truths.set(split, await truthsOf(split, reporter, signal));
  const leaks = test.flatMap((b) => train.map((a) => leakage(dataset, truths.get(a)!, truths.get(b)!)));
  for (const { train: a, test: b, truths: count, shared } of leaks) {
    const examples = shared.slice(0, SHOWN).map(([tested, trained]) => `${tested} is ${trained}`);
    const listing = examples.length === 0 ? '' : `: ${examples.join(', ')}${shared.length > SHOWN ? ', …' : ''}`;
    reporter.say(`${dataset}: ${shared.length} of ${count} scenes of ${b} are in ${a}${listing}`);
  }
  return leaks;
}

async function truthsOf(
  { dataset, split, meta, root }: PreparedSplit,
  reporter: Reporter,
  signal: AbortSignal | undefined,
): Promise<Truths> {
  const remedy = 'prepare the split again';
  const entries = parseJson(MetaFile, meta, await readText(meta, remedy), remedy);
  const names = [...new Set(entries.map(([truth]) => truth))];
  const done = (count: number) => reporter.progress(`scenes of ${dataset} ${split}`, count, names.length);
  return { split, root, names, prints: await fingerprints(root, names, { signal, done }) };
}
