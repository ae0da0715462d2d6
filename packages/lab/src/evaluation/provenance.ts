import { execFile } from 'node:child_process';
import { arch, cpus, platform } from 'node:os';
import { promisify } from 'node:util';
import { type OpenedEngine, versions } from '@unweather/core-tensor';
import type { EvaluationContext } from '@unweather/eval';

/** The machine and the versions by which numbers are measured now. */
export async function provenanceOf({ description, threads }: OpenedEngine): Promise<EvaluationContext['provenance']> {
  return {
    date: new Date().toISOString(),
    commit: await commit(),
    versions: await versions(),
    engine: description,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads,
    platform: `${platform()} ${arch()}`,
  };
}

/** The working folder's commit, with "+" where tracked files were changed; null outside of a repository or without git. */
async function commit(): Promise<string | null> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args)).stdout.trim();
  try {
    const [head, changes] = [await git('rev-parse', 'HEAD'), await git('status', '--porcelain', '-uno')];
    return changes === '' ? head : `${head}+`;
  } catch {
    return null;
  }
}
