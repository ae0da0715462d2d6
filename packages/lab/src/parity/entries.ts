import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileReason, isClutter, messageOf, readWhole, UserError } from '@unweather/core-tensor';
import { fits } from '@unweather/model';
import { z } from 'zod';
import type { FileCheck, Study } from '../study.js';
import { checkGoldens } from './check.js';
import type { GoldenCheck } from './compare.js';
import { GoldenFile } from './golden-file.js';
import { LastStep } from './step.js';

/** A golden file with the check that applies to it. */
export interface GoldenEntry {
  readonly file: string;
  /** True if the file belongs to the paper: it matches a check, names one of its networks, or cannot be read. */
  readonly known: boolean;
  /** @throws UserError or another error with the reason why the file cannot be checked */
  check(): Promise<GoldenCheck[]>;
}

/**
 * Lists the .json files of a folder, sorted by name.
 * @throws UserError naming the folder if it cannot be read
 */
export async function goldenEntries(paper: Study, folder: string): Promise<GoldenEntry[]> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    throw new UserError(`${folder}: cannot be read (${fileReason(thrown)}); give a folder of golden files`);
  });
  const entries: GoldenEntry[] = [];
  const last = new LastStep();
  for (const file of names.filter((name) => name.endsWith('.json') && !isClutter(name)).sort(byStem)) {
    const json = await readJson(folder, file).catch((thrown: unknown) => ({ problem: thrown }));
    entries.push('problem' in json ? broken(file, json.problem) : entryOf(paper, folder, file, json.golden, last));
  }
  return entries;
}

/** Order by name without the extension: a file comes before its twin in float64, which states no learning rate. */
function byStem(a: string, b: string): number {
  const [first, second] = [a, b].map((name) => name.slice(0, -'.json'.length));
  return first! < second! ? -1 : Number(first !== second);
}

/** Reason why a golden file cannot be checked, in one line. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof z.ZodError)) return messageOf(thrown);
  const { path, message } = thrown.issues[0]!;
  return [path.join('.'), message].filter((part) => part !== '').join(': ');
}

function broken(file: string, problem: unknown, known = true): GoldenEntry {
  return { file, known, check: () => Promise.reject(problem) };
}

function entryOf(paper: Study, folder: string, file: string, golden: unknown, last: LastStep): GoldenEntry {
  const { networks, checks = {} } = paper;
  const beside = async (name: string) => (await readJson(folder, name)).golden;
  const own: FileCheck | undefined = Object.entries(checks).find(([pattern]) => fits(pattern, file))?.[1];
  if (own !== undefined) return { file, known: true, check: async () => own(golden, beside) };
  const { data } = z.object({ network: z.string() }).safeParse(golden);
  if (data !== undefined && Object.hasOwn(networks, data.network))
    return {
      file,
      known: true,
      check: async () => checkGoldens(networks[data.network]!, GoldenFile.parse(golden), last),
    };
  const named = data === undefined ? 'it names no network' : `its network "${data.network}" is not one of the paper's`;
  return broken(file, new UserError(`no check applies to it: its name matches none, and ${named}`), false);
}

async function readJson(folder: string, file: string): Promise<{ golden: unknown }> {
  const text = (await readWhole(join(folder, file), 'check the folder')).toString('utf8');
  try {
    return { golden: JSON.parse(text) };
  } catch (thrown) {
    throw new UserError(`not JSON (${messageOf(thrown)}); replace the file`);
  }
}
