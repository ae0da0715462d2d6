import { z } from 'zod';

const Shape = z.array(z.int().nonnegative());
/** Shape of a batch of pictures, NCHW. */
const Batch = z.tuple([z.int().positive(), z.int().positive(), z.int().positive(), z.int().positive()]);
const Numbers = z.record(z.string(), z.number().nullable());

/** Moments and samples of a tensor. */
export const Summary = z.object({
  shape: Shape,
  mean: z.number(),
  std: z.number(),
  min: z.number(),
  max: z.number(),
  /** Flat indices of the samples; default: ⌊i·n/k⌋. */
  index: z.array(z.int().nonnegative()).optional(),
  value: z.array(z.number()),
});

/** A golden file of one network; the parts that it has are checked. */
export const GoldenFile = z.object({
  case: z.string(),
  network: z.string(),
  input: Batch,
  mode: z.enum(['eval', 'train']),
  gain: z.number().default(1),
  state: z.array(z.tuple([z.string(), Shape])).optional(),
  parameters: z.object({ tensors: z.number(), elements: z.number() }).optional(),
  output: Summary.optional(),
  trace: z.record(z.string(), Summary).optional(),
  loss: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  gradient: Numbers.optional(),
  updated: Numbers.optional(),
  buffers: z.record(z.string(), z.union([z.number(), Summary])).optional(),
  /** Losses of several training steps on one batch. */
  losses: z
    .array(z.union([z.number(), z.object({ total: z.number(), lr: z.number().optional() })]))
    .min(2)
    .optional(),
  change: Numbers.optional(),
  eval_output: Summary.optional(),
  lr: z.number().optional(),
  /** Optimiser in words, as `readOptimiser` parses them; its learning rate is used if `lr` is absent. */
  optimiser: z.string().optional(),
  /** Name of the loss. */
  loss_kind: z.string().optional(),
});

export type GoldenFile = z.infer<typeof GoldenFile>;
export type Summary = z.infer<typeof Summary>;
