import { type AnyPicture, defaultThreads } from '@unweather/core-tensor';
import { type PairSource, ThreadPool } from '@unweather/datasets';
import type { ScoreSet } from '@unweather/eval';
import type { FileScores, FilesToScore } from './files.js';
import type { OpenedPair, Size, Task } from './score-worker.js';
import type { ProtocolPlace } from './scoring.js';

/** Number of threads that decode and score; one core is left for the network. */
export const SCORING_THREADS = Math.max(1, Math.min(4, defaultThreads() - 1));

let pool: ThreadPool<Task, { readonly result: unknown }> | undefined;

/** Runs a task in the pool. Idle threads end by themselves and keep no process alive, so nobody has to end the pool. */
async function run<Result>(task: Task): Promise<Result> {
  pool ??= new ThreadPool(new URL('./score-worker.js', import.meta.url), 'scores pictures', {
    most: SCORING_THREADS,
    idle: 5000,
  });
  return (await pool.run(task)).result as Result;
}

/**
 * Opens a pair in another thread, prepared as the protocol asks.
 * @param crop largest part, from the centre, that is opened
 * @throws UserError naming the file that cannot be used
 */
export function openInThread(source: PairSource, protocol: ProtocolPlace, crop?: Size): Promise<OpenedPair> {
  return run({ kind: 'open', source, protocol, crop });
}

/** Restores a picture by a baseline, in another thread. */
export function baselineInThread(name: string, input: AnyPicture): Promise<AnyPicture> {
  return run({ kind: 'baseline', name, input });
}

/** Scores a picture before and after in another thread. @throws UserError where it cannot be scored */
export function scoreInThread(
  pictures: { readonly input: AnyPicture; readonly restored: AnyPicture; readonly truth: AnyPicture },
  protocol: ProtocolPlace,
  metrics: readonly string[],
): Promise<{ readonly input: ScoreSet; readonly restored: ScoreSet }> {
  return run({ kind: 'score', ...pictures, protocol, metrics });
}

/** Scores a file against the file of its truth in another thread. @throws UserError naming the file at fault */
export function scoreFilesInThread(files: FilesToScore): Promise<FileScores> {
  return run({ kind: 'files', ...files });
}
