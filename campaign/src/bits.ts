import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEvaluations } from '@unweather/eval';
import { type Command, started } from './killed.js';
import { HAZE, trainingOf } from './scenarios.js';

/** Hash of what a command wrote. */
export interface Bits {
  /** "training, 1 thread, resumed". */
  readonly what: string;
  readonly hash: string;
}

/**
 * Trains and evaluates twice by 1 thread, and twice by 2; half of the trainings are stopped at a half and resumed.
 * @param meta meta file of the pairs
 * @param folder fresh, for all files
 */
export async function bitsOf(meta: string, folder: string): Promise<Bits[]> {
  const bits: Bits[] = [];
  for (const threads of [1, 2])
    for (const resumed of [false, true])
      for (const time of [1, 2]) {
        const cwd = join(folder, `training-${threads}-${resumed}-${time}`);
        await mkdir(cwd);
        const out = join(cwd, 'run');
        const settings = { meta, out, cwd, steps: 20, saveEvery: 10, threads };
        if (resumed) await interrupted(trainingOf(settings), 10);
        await ended(trainingOf(settings, resumed ? ['--resume'] : []));
        const files = ['checkpoint.safetensors', 'average.safetensors'].map((file) => join(out, file));
        const what = `training, ${threads === 1 ? '1 thread' : `${threads} threads`}${resumed ? ', resumed' : ''}`;
        bits.push({ what, hash: await hashOf(files) });
      }
  for (const threads of [1, 2])
    for (const time of [1, 2]) {
      const cwd = join(folder, `evaluation-${threads}-${time}`);
      await mkdir(cwd);
      const args = [
        'eval',
        '--data',
        meta,
        '--weights',
        HAZE,
        '--threads',
        `${threads}`,
        '--out',
        join(cwd, 'results'),
      ];
      await ended({ cli: 'packages/aecr/dist/cli.js', cwd, args });
      const records = (await readEvaluations(join(cwd, 'results'))).map((one) => one.records);
      const hash = createHash('sha256').update(JSON.stringify(records)).digest('hex');
      bits.push({ what: `evaluation, ${threads === 1 ? '1 thread' : `${threads} threads`}`, hash });
    }
  return bits;
}

async function ended(command: Command): Promise<void> {
  const { status, output } = await started(command).ended;
  if (status !== 0) throw new Error(`ended with ${status}: ${output}`);
}

/** Stops a training once it reports a step, as Ctrl-C does. */
async function interrupted(command: Command, step: number): Promise<void> {
  const { child, ended: end } = started(command);
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes(`"step":${step},`)) child.kill('SIGINT');
  });
  await end;
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex');
}
