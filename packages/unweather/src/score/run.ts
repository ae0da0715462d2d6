import { inOrder, messageOf, UserError } from '@unweather/core-tensor';
import { type PerceptualJudge, SCORING_THREADS, scoreFilesInThread } from '@unweather/lab';
import { LPIPS, type Measures } from './measures.js';
import type { Pair, ResultFolder } from './pairs.js';

/** Scores of one picture. */
export interface ScoredPicture {
  readonly name: string;
  /** Path of the result. */
  readonly result: string;
  /** Hash of the result's pixels. */
  readonly hash: string;
  /** Hash of the truth's pixels, or of the result's where there is no truth: the scene. */
  readonly scene: string;
  /** Scores by name, a set for each ruler. */
  readonly sets: readonly Readonly<Record<string, number>>[];
}

/** A folder of results with its scores. */
export interface ScoredFolder {
  readonly label: string;
  readonly path: string;
  readonly pictures: readonly ScoredPicture[];
}

/** Event of a run. */
export type ScoreEvent =
  | { readonly event: 'start'; readonly pictures: number }
  | { readonly event: 'scored'; readonly done: number; readonly total: number; readonly picture: string }
  | { readonly event: 'failed'; readonly done: number; readonly total: number; readonly error: string };

/**
 * Scores every picture of every folder, in threads; a picture that cannot be scored is told, and the others go on.
 * @param judge computes LPIPS, if it is asked for
 */
export async function scoreAll(
  folders: readonly ResultFolder[],
  { rulers, metrics }: Measures,
  judge: PerceptualJudge | undefined,
  tell: (event: ScoreEvent) => void,
  signal: AbortSignal,
): Promise<ScoredFolder[]> {
  const protocols = rulers.flatMap(({ place }) => place ?? []);
  const scored = folders.map(() => [] as ScoredPicture[]);
  const jobs = folders.flatMap(({ pairs }, folder) => pairs.map((pair) => ({ folder, pair })));
  const work = async ({ folder, pair }: (typeof jobs)[number]) => {
    if (signal.aborted) return undefined;
    try {
      return { folder, picture: await scoreOne(pair) };
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      return { folder, error: messageOf(thrown) };
    }
  };
  const scoreOne = async ({ name, result, truth }: Pair): Promise<ScoredPicture> => {
    const files = { result, ...(truth !== undefined && { truth }), protocols, metrics, keep: judge !== undefined };
    const { sets, pictures, hash, scene } = await scoreFilesInThread(files);
    if (judge === undefined) return { name, result, hash, scene, sets };
    const distances = new Map<object, number>();
    for (const pair of pictures)
      if (!distances.has(pair))
        distances.set(pair, await judge.measure(pair.restored, pair.truth).catch(naming(result)));
    return {
      name,
      result,
      hash,
      scene,
      sets: sets.map((set, i) => ({ ...set, [LPIPS]: distances.get(pictures[i]!)! })),
    };
  };
  tell({ event: 'start', pictures: jobs.length });
  let done = 0;
  for await (const one of inOrder(jobs, 1 + SCORING_THREADS, work)) {
    if (one === undefined) break;
    const count = { done: ++done, total: jobs.length };
    if (one.picture === undefined) tell({ event: 'failed', ...count, error: one.error });
    else {
      scored[one.folder]!.push(one.picture);
      tell({ event: 'scored', ...count, picture: one.picture.result });
    }
  }
  return folders.map(({ label, path }, i) => ({ label, path, pictures: scored[i]! }));
}

/** Prefixes a UserError with the file's name. */
function naming(file: string): (thrown: unknown) => never {
  return (thrown) => {
    throw thrown instanceof UserError ? new UserError(`${file}: ${messageOf(thrown)}`) : thrown;
  };
}
