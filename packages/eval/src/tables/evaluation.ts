import { exists, readWhole, UserError } from '@unweather/core-tensor';
import { z } from 'zod';
import type { PictureRecord, ResultRecord } from './record.js';
import type { SummaryRow } from './summary.js';

/** Score in JSON, which has no infinity: an infinite PSNR is written "inf". */
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

/** Records with their context, as JSON holds them. */
export const ResultRecords = z.array(
  RecordLine.extend({
    paper: z.string(),
    network: z.string(),
    dataset: z.string(),
    split: z.string(),
    protocol: z.string(),
    weights: z.string(),
    engine: z.string(),
    origin: z.enum(['measured here', 'published']),
  }),
) satisfies z.ZodType<ResultRecord[]>;

const Interval = z.strictObject({ mean: Score, low: Score, high: Score });
const Row = z.strictObject({
  condition: z.string(),
  pictures: z.int(),
  input: z.record(z.string(), Interval),
  restored: z.record(z.string(), Interval),
  gain: Interval,
}) satisfies z.ZodType<SummaryRow>;

/** Context of a measurement: everything needed to trace a number. */
export const EvaluationContext = z.strictObject({
  format: z.literal(1),
  paper: z.string(),
  /** The paper's title, for people. */
  title: z.string(),
  task: z.string(),
  taskTitle: z.string(),
  network: z.string(),
  /** True for a baseline, which has no weights and belongs to no paper. */
  baseline: z.boolean().default(false),
  /** Names in datasets.json; 'embedded' for the photographs in the repository; else a meta file's path. */
  dataset: z.string(),
  split: z.string(),
  /** True if the numbers may be compared with a paper's. */
  benchmark: z.boolean(),
  /** Pairs of the split: in the scored list, and in the registry; null where the registry states none. */
  pairs: z.int(),
  expected: z.int().nullable(),
  /** Sentences that a reader must know. */
  notes: z.array(z.string()),
  protocol: z.strictObject({ name: z.string(), description: z.string() }),
  /** Metrics besides the protocol's. */
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
    /** Time of the measurement, ISO 8601. */
    date: z.string(),
    /** Commit of the working tree, with "+" if files were changed; null outside a working tree. */
    commit: z.string().nullable(),
    /** Versions of Node, of this package, and of the libraries that decode and compute. */
    versions: z.record(z.string(), z.string()),
    engine: z.string(),
    /** Processor and threads. */
    cpu: z.string(),
    threads: z.int(),
    platform: z.string(),
  }),
});

export type EvaluationContext = z.infer<typeof EvaluationContext>;

/** A picture of the set that a report shows; paths are relative to the evaluation's file. */
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

/** Reads an evaluation that `eval` wrote. @throws UserError naming the file and the first place that is wrong */
export async function readEvaluation(path: string): Promise<Evaluation> {
  const text = (await readWhole(path, 'check the path')).toString('utf8');
  return parsedBy(Evaluation, text, path);
}

/** Reads an evaluation; undefined where there is no such file. */
export async function readEvaluationIfAny(path: string): Promise<Evaluation | undefined> {
  return (await exists(path)) ? readEvaluation(path) : undefined;
}

/** Parses JSON and validates it. @throws UserError naming `where` and the first place that is wrong */
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

/** Writes JSON, with infinities as "inf" and "-inf". */
export function toJson(value: unknown, indent?: number): string {
  const words = (_key: string, part: unknown) =>
    typeof part === 'number' && Math.abs(part) === Infinity ? String(part).replace('Infinity', 'inf') : part;
  return JSON.stringify(value, words, indent);
}
