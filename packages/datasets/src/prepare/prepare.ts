import { stat } from 'node:fs/promises';
import { fileReason, UserError } from '@unweather/core-tensor';
import type { Registry } from '../registry.js';
import type { Reporter } from '../report.js';
import { type CheckedSplit, checkSplit } from './check-split.js';
import { findSplits } from './find-splits.js';
import type { PrepareOptions } from './options.js';
import { writePrepared } from './sidecar.js';

/**
 * Makes meta files for an official download, after reading every file completely. Writes nothing unless every split
 * found is correct.
 * @returns the meta files
 * @throws UserError naming the first pairs that are wrong, and their count
 * @throws Interrupted once the signal is aborted
 */
export async function prepare(
  registry: Registry,
  options: PrepareOptions,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<string[]> {
  const { dataset, root, out } = options;
  await requireFolder(root);
  const checked: CheckedSplit[] = [];
  for (const [split, place] of await findSplits(registry, options, reporter))
    checked.push(await checkSplit(split, place, options, reporter, signal));
  const written: string[] = [];
  for (const { info, entries } of checked) {
    const meta = await writePrepared(out, info, entries);
    reporter.say(
      `${dataset} ${info.split}: ${info.expected === null ? info.pairs : `${info.pairs} of ${info.expected}`} pairs`,
    );
    for (const note of info.notes) reporter.say(`note: ${note}`);
    reporter.wrote(meta);
    written.push(meta);
  }
  reporter.say(`the paths in these meta files are relative to ${root}; give it with --root`);
  return written;
}

async function requireFolder(root: string): Promise<void> {
  try {
    if ((await stat(root)).isDirectory()) return;
  } catch (thrown) {
    throw new UserError(`${root}: cannot be read (${fileReason(thrown)}); check the path of the download`);
  }
  throw new UserError(`${root}: is a file; unpack the download and give its folder`);
}
