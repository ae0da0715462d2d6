import { access } from 'node:fs/promises';
import { readWhole, UserError } from '@unweather/core-tensor';
import { z } from 'zod';
import type { PictureRecord } from './record.js';
import type { SummaryRow } from './summary.js';

/** JSON knows no infinity: an infinite PSNR stands as "inf". */
const Score = z.union([
  z.number(),
  z.literal('inf').transform(() => Infinity),
  z.literal('-inf').transform(() => -Infinity),
]);
const ScoreSet = z.object({ psnr: Score, ssim: Score, ssimJs: Score }).catchall(Score);

/** A line of a journal. */
export const RecordLine = z.strictObject({
  picture: z.string(),
  condition: z.string(),
  scene: z.string(),
  key: z.string(),
  input: ScoreSet,
  restored: ScoreSet,
}) satisfies z.ZodType<PictureRecord>;

const Interval = z.strictObject({ mean: Score, low: Score, high: Score });
const Row = z.strictObject({
  condition: z.string(),
  pictures: z.int(),
  input: z.record(z.string(), Interval),
  restored: z.record(z.string(), Interval),
  gain: Interval,
}) satisfies z.ZodType<SummaryRow>;

/** What was measured, on what, by what: all that a number needs to be traced. */
export const EvaluationContext = z.strictObject({
  format: z.literal(1),
  paper: z.string(),
  /** The paper's title, for people. */
  title: z.string(),
  task: z.string(),
  taskTitle: z.string(),
  network: z.string(),
  /** True of a baseline, which has no weights and is of no paper. */
  baseline: z.boolean().default(false),
  /** Names in datasets.json; 'embedded' for the photographs that travel with the repository; else a meta file's path. */
  dataset: z.string(),
  split: z.string(),
  /** Whether the numbers may stand beside a paper's. */
  benchmark: z.boolean(),
  /** Pairs of the split, by the list that was scored and by the registry; null where that states none. */
  pairs: z.int(),
  expected: z.int().nullable(),
  /** What a reader must know. */
  notes: z.array(z.string()),
  protocol: z.strictObject({ name: z.string(), description: z.string() }),
  /** Other metrics, beside the protocol's. */
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      better: z.enum(['higher', 'lower']),
      decimals: z.int(),
    }),
  ),
  weights: z.strictObject({ file: z.string(), sha256: z.string() }),
  provenance: z.strictObject({
    /** When it was measured, ISO 8601. */
    date: z.string(),
    /** Commit of the working tree, with "+" where files were changed; null outside of one. */
    commit: z.string().nullable(),
    /** Of Node, of this package, and of the libraries that decode and compute. */
    versions: z.record(z.string(), z.string()),
    engine: z.string(),
    /** Processor and threads. */
    cpu: z.string(),
    threads: z.int(),
    platform: z.string(),
  }),
});

export type EvaluationContext = z.infer<typeof EvaluationContext>;

/** A picture of the set that a report shows, by files relative to the evaluation's own. */
const Exemplar = z.strictObject({
  rank: z.enum(['best', 'median', 'worst']),
  picture: z.string(),
  input: z.string(),
  restored: z.string(),
  truth: z.string(),
});

/** A picture shown beside the tables: the best, the median or the worst. */
export type Exemplar = z.infer<typeof Exemplar>;

/** One network's scores on one split, as `eval` writes them in JSON. */
export const Evaluation = EvaluationContext.extend({
  summary: z.array(Row).min(1),
  /** Empty where only the means were kept. */
  records: z.array(RecordLine),
  exemplars: z.array(Exemplar),
});

export type Evaluation = z.infer<typeof Evaluation>;

/** Reads what `eval` wrote. @throws UserError naming the file and the first place that is wrong */
export async function readEvaluation(path: string): Promise<Evaluation> {
  const text = (await readWhole(path, 'check the path')).toString('utf8');
  return parsedBy(Evaluation, text, path);
}

/** The same; undefined where there is no such file. */
export async function readEvaluationIfAny(path: string): Promise<Evaluation | undefined> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  return there ? readEvaluation(path) : undefined;
}

/** JSON by a schema. @throws UserError naming where it stands and the first place that is wrong */
export function parsedBy<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UserError(`${where}: not JSON; remove it and evaluate again`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw new UserError(
    `${where}: ${place.length > 0 ? `${place.join('.')}: ` : ''}${message}; remove it and evaluate again`,
  );
}

/** JSON with infinities in words. */
export function toJson(value: unknown, indent?: number): string {
  const words = (_key: string, part: unknown) =>
    typeof part === 'number' && Math.abs(part) === Infinity ? String(part).replace('Infinity', 'inf') : part;
  return JSON.stringify(value, words, indent);
}
