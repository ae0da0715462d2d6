import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { choicesText, fileReason, isClutter, UserError } from '@unweather/core-tensor';
import type { Entry } from '../prepare/pairing.js';
import { picturesIn } from './files.js';
import { counted, remaining, summary } from './leftovers.js';
import { usualFit } from './usual-rules.js';

/** Names of the folder of clean pictures, in lower case. */
export const TRUTH_FOLDERS: readonly string[] = [
  ...['truth', 'gt', 'groundtruth', 'ground_truth', 'clean', 'clear', 'target', 'norain', 'sharp'],
];

/** Names of the folder of degraded pictures, in lower case. */
export const INPUT_FOLDERS: readonly string[] = [
  ...['input', 'inputs', 'degraded', 'lq', 'rain', 'rainy', 'haze', 'hazy', 'snow', 'snowy', 'data', 'blur', 'noisy'],
];

/**
 * Pairs the pictures of a folder that has one folder of clean pictures and one of degraded ones.
 * @returns entries as in a meta file in that folder
 * @throws UserError naming the folders that are missing or there twice, rules that contradict each other, and files
 * without a partner
 */
export async function folderEntries(path: string): Promise<Entry[]> {
  const names = await readdir(path, { withFileTypes: true }).catch((thrown: unknown) => {
    throw new UserError(`${path}: cannot be read (${fileReason(thrown)}); check the path of the folder`);
  });
  const folders = names.filter((entry) => !isClutter(entry.name) && !entry.isFile()).map(({ name }) => name);
  const truth = oneOf(path, folders, TRUTH_FOLDERS, 'clean');
  const input = oneOf(path, folders, INPUT_FOLDERS, 'degraded');
  const [truths, inputs] = [await picturesIn(join(path, truth)), await picturesIn(join(path, input))];
  const fit = usualFit(inputs, truths, path);
  const left = remaining(inputs, truths, fit);
  if (left.count > 0)
    throw new UserError(
      `${path}: ${counted(fit.entries.length, 'pair')} by the rule ${fit.rule}, ${summary(left)}; ` +
        'remove these files, or write a meta file without them by the command pairs, with --allow-partial',
    );
  return fit.entries.map(([a, b]) => [`${truth}/${a}`, `${input}/${b}`] as const);
}

function oneOf(path: string, folders: readonly string[], names: readonly string[], kind: string): string {
  const found = folders.filter((name) => names.includes(name.toLowerCase()));
  if (found.length === 1) return found[0]!;
  throw new UserError(
    found.length === 0
      ? `${path}: is a folder without one of ${kind} pictures, named ${choicesText(names)}; ` +
          'name it so, or give a meta file'
      : `${path}: has ${found.length} folders of ${kind} pictures, ${found.join(' and ')}; move one away`,
  );
}
