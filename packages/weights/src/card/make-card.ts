import { hashOfWeights, readSafetensors, readWhole, requireFinite, UserError } from '@unweather/core-tensor';
import { type Evaluation, readEvaluation } from '@unweather/eval';
import { z } from 'zod';
import type { GatedSet } from '../gated-set.js';
import { sha256OfFile } from '../sha256.js';
import type { Card, MeasuredRow } from './card.js';

/** Facts about weights that no file holds; the publisher states them. */
export interface CardFacts {
  readonly data: string;
  readonly licence: string;
  readonly notGoodFor: string;
  /** File that `verify --data --out` wrote for these weights. */
  readonly gates?: string;
}

const TrainingMetadata = z.object({
  network: z.string(),
  step: z.coerce.number().int(),
  seed: z.coerce.number().int(),
  recipe: z.string().transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  }),
});

const Gated = z.record(
  z.string(),
  z.array(
    z.strictObject({
      set: z.string(),
      pictures: z.int(),
      gates: z.array(z.strictObject({ demand: z.string(), reached: z.string(), passed: z.boolean() })),
    }),
  ),
);

/**
 * Makes the card of a checkpoint that one of our trainings wrote, with its scores from `eval`.
 * @param evaluations .json files that `eval` wrote for these weights, identified by their hash
 * @throws UserError naming the file: no training in it, an evaluation of other weights, no evaluation at all
 */
export async function makeCard(path: string, evaluations: readonly string[], facts: CardFacts): Promise<Card> {
  const { tensors, metadata } = await readSafetensors(path);
  requireFinite(path, tensors);
  const parsed = TrainingMetadata.safeParse(metadata);
  if (!parsed.success)
    throw new UserError(
      `${path}: its metadata describes no training ("${String(parsed.error.issues[0]!.path[0])}"); ` +
        'give a checkpoint that a training wrote',
    );
  const weights = hashOfWeights(new Map([...tensors].filter(([name]) => !name.startsWith('optimizer.'))));
  const read = await readAll(evaluations, path);
  for (const [i, { weights: measured }] of read.entries())
    if (measured.sha256 !== weights)
      throw new UserError(
        `${evaluations[i]}: it scores weights ${measured.sha256}, but ${path} contains ${weights}; evaluate these`,
      );
  const { network, step, seed, recipe } = parsed.data;
  const { gates: gatesFile, ...words } = facts;
  const gates = gatesFile === undefined ? undefined : await readGates(gatesFile, path);
  const training = { recipe, steps: step, seed };
  return { ...scoresOf(read, network), weights, training, ...(gates && { gates }), ...words };
}

/**
 * Makes the card of weights that another publisher trained, by their scores from `eval`.
 * @param evaluations .json files that `eval` wrote for these weights
 * @param facts with what is known about the training
 * @throws UserError naming the file of an evaluation of other weights; if there is no evaluation
 */
export async function makeForeignCard(
  evaluations: readonly string[],
  { training, ...facts }: Omit<CardFacts, 'gates'> & { readonly training: string },
): Promise<Card> {
  const read = await readAll(evaluations, 'weights of another publisher');
  const [{ network, weights }] = read as [Evaluation];
  for (const [i, { weights: measured }] of read.entries())
    if (measured.sha256 !== weights.sha256)
      throw new UserError(
        `${evaluations[i]}: it scores weights ${measured.sha256}, but ${evaluations[0]} ${weights.sha256}; ` +
          'give evaluations of the same weights',
      );
  return { ...scoresOf(read, network), weights: weights.sha256, training, ...facts };
}

async function readAll(evaluations: readonly string[], weights: string): Promise<Evaluation[]> {
  if (evaluations.length === 0)
    throw new UserError(`${weights}: a card needs measured numbers; give the files that eval wrote`);
  return Promise.all(evaluations.map(readEvaluation));
}

function scoresOf(read: readonly Evaluation[], network: string): Pick<Card, 'title' | 'measured' | 'protocols'> {
  const protocols = [...new Map(read.map(({ protocol }) => [protocol.name, protocol])).values()];
  const title = `${network}, ${[...new Set(read.map(({ taskTitle }) => taskTitle))].join(', ')}`;
  return { title, measured: read.flatMap(rowsOf), protocols };
}

/** @throws UserError if `verify` did not write the file, or wrote it for other weights */
async function readGates(file: string, weights: string): Promise<GatedSet[]> {
  const remedy = 'write it with "verify --data DIR --out FILE"';
  const text = (await readWhole(file, remedy)).toString();
  let found: GatedSet[] | undefined;
  try {
    found = Gated.parse(JSON.parse(text))[await sha256OfFile(weights)];
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(`${file}: is not a report of the gates; ${remedy}`);
  }
  if (found === undefined) throw new UserError(`${file}: has no entry with the hash of ${weights}; ${remedy}`);
  return found;
}

function rowsOf({ dataset, split, benchmark, summary, protocol, provenance }: Evaluation): MeasuredRow[] {
  const place = `${dataset} ${split}`.trim() + (benchmark ? '' : ' (no benchmark)');
  return summary.map(({ condition, pictures, input, restored }) => ({
    on: condition === 'all' ? place : `${place}, ${condition}`,
    pictures,
    psnrIn: input.psnr!.mean,
    psnr: restored.psnr!.mean,
    ssim: restored.ssim!.mean,
    protocol: protocol.name,
    date: provenance.date,
  }));
}
