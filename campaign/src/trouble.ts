import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bitsOf } from './bits.js';
import { conditions } from './conditions.js';
import { growthOfRestoring, growthOfTraining, restoreCrowd, type Slope } from './memory.js';
import { type Fixtures, trainingOf } from './scenarios.js';

/** A line of a table. */
export type Row = readonly string[];

/** Meets every condition. @returns rows, and whether any has problems */
export async function meetConditions(fixtures: Fixtures, folder: string): Promise<{ rows: Row[]; failed: boolean }> {
  const rows: Row[] = [];
  let failed = false;
  for (const { name, meet } of conditions(fixtures)) {
    const problems = await meet(await mkdtemp(join(folder, 'run-')));
    failed ||= (problems?.length ?? 0) > 0;
    rows.push([
      name,
      problems === undefined ? 'not tried: nothing may be mounted here' : problems.join('; ') || 'held',
    ]);
  }
  return { rows, failed };
}

/** Measures memory: its growth over many rounds, and its most with many large pictures at a time. */
export async function measureMemory({ meta }: Fixtures, folder: string): Promise<Row[]> {
  const out = join(folder, 'trained');
  const training = trainingOf({ meta, out, cwd: folder, steps: 4000, saveEvery: 500 });
  return [
    ['4,000 steps of a training, second half', textOf(await growthOfTraining(training, 20))],
    ['4,000 restorations, second half', textOf(await growthOfRestoring(4000, 20))],
    ...(await crowds(folder)),
  ];
}

function textOf({ slope, error }: Slope): string {
  return `${slope.toFixed(2)} ± ${error.toFixed(2)} MB per 100`;
}

async function crowds(folder: string): Promise<Row[]> {
  const one = await restoreCrowd(1, folder);
  const many = await restoreCrowd(50, folder);
  return [
    ['a picture of 12 megapixels', `event loop late by at most ${one.delay.toFixed(0)} ms`],
    ['50 pictures of 12 megapixels at the same time', `at most ${many.megabytes.toFixed(0)} MB`],
  ];
}

/** Compares what equal commands write. */
export async function compareBits({ meta }: Fixtures, folder: string): Promise<Row[]> {
  return (await bitsOf(meta, folder)).map(({ what, hash }) => [what, hash.slice(0, 12)]);
}

/** Verifies the signatures of the installed packages, where a registry answers. */
export async function verifySignatures(root: string): Promise<Row> {
  const what = 'npm audit signatures';
  try {
    const { stdout } = await promisify(execFile)('npm', ['audit', 'signatures'], { cwd: root });
    return [what, stdout.trim().replaceAll('\n', ' ')];
  } catch (thrown) {
    const { stderr = '', stdout = '' } = thrown as { readonly stderr?: string; readonly stdout?: string };
    const text = `${stdout}${stderr}`;
    const answered = /(invalid|missing) (registry )?(signature|attestation)/.test(text);
    return [
      what,
      answered ? `FAILED: ${text.trim()}` : `not tried: no registry answers (${text.trim().split('\n')[0]})`,
    ];
  }
}
