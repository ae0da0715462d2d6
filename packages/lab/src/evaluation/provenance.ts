import { execFile } from 'node:child_process';
import { arch, cpus, platform } from 'node:os';
import { promisify } from 'node:util';
import { type OpenedEngine, versions } from '@unweather/core-tensor';
import type { EvaluationContext } from '@unweather/eval';

/** Describes the machine and the software versions that the numbers are measured with. */
export async function provenanceOf(engine: Measuring): Promise<EvaluationContext['provenance']> {
  const { date, ...others } = await environmentOf(engine);
  return { date, commit: await commit(), ...others };
}

type Measuring = Pick<OpenedEngine, 'description' | 'threads'>;

/** Describes machine and software versions, wherever the working directory is. */
export async function environmentOf({ description, threads }: Measuring) {
  return {
    date: new Date().toISOString(),
    versions: await versions(),
    engine: description,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads,
    platform: `${platform()} ${arch()}`,
  };
}

/** Commit of the working directory, with "+" if tracked files were changed; null without a repository or git. */
async function commit(): Promise<string | null> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args)).stdout.trim();
  try {
    const [head, changes] = [await git('rev-parse', 'HEAD'), await git('status', '--porcelain', '-uno')];
    return changes === '' ? head : `${head}+`;
  } catch {
    return null;
  }
}
