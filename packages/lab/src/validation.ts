import { join } from 'node:path';
import { readWhole, UserError, writeWhole } from '@unweather/core-tensor';
import { decimals, type ResultRecord } from '@unweather/eval';
import { z } from 'zod';
import type { Data } from './data.js';
import { evaluate, type Subject } from './evaluation/evaluate.js';
import type { Reporter } from './reporter.js';

/** Largest number of pictures scored per set, evenly spaced over it. */
const PICTURES = 12;
/** Cap of a picture's PSNR in dB, so that means stay finite if a picture is restored exactly. */
const MOST = 100;

const Scored = z.array(
  z.strictObject({
    step: z.int().positive(),
    sets: z.array(
      z.strictObject({ set: z.string(), pictures: z.int(), psnrIn: z.number(), psnr: z.number(), ssim: z.number() }),
    ),
  }),
);

/** Scores of the weights after a step: means over the pictures of each set, by the task's first protocol. */
export type Validated = z.infer<typeof Scored>[number];

/**
 * Scores of a training's weights on held-out pictures, step by step. They are saved in validation.json beside the
 * checkpoint, so that a resumed run knows the best score so far.
 */
export class Validation {
  private constructor(
    private readonly file: string,
    private readonly sets: readonly Data[],
    private readonly scored: Validated[],
  ) {}

  /**
   * @param from steps done; an earlier run's scores after them are dropped
   * @throws UserError naming the file if an earlier run's cannot be read
   */
  static async open(folder: string, sets: readonly Data[], from: number): Promise<Validation> {
    const file = join(folder, 'validation.json');
    const parts = sets.map((data) => ({ ...data, pairs: spread(data.pairs, PICTURES) }));
    return new Validation(file, parts, from === 0 ? [] : (await earlier(file)).filter(({ step }) => step <= from));
  }

  /**
   * Scores weights, saves the scores and reports them.
   * @param subject network, weights and protocol
   * @returns true if the mean gain over the sets is the largest so far; undefined if the signal was aborted first
   */
  async score(
    step: number,
    subject: Omit<Subject, 'data'>,
    reporter: Reporter,
    signal: AbortSignal,
  ): Promise<boolean | undefined> {
    const sets: Validated['sets'] = [];
    reporter.pause();
    for (const data of this.sets) {
      const { records } = await evaluate({ ...subject, data }, quiet, { signal });
      if (signal.aborted) return undefined;
      sets.push({ set: data.dataset, pictures: records.length, ...means(records) });
    }
    const best = this.scored.every((other) => gain(other) < gain({ step, sets }));
    this.scored.push({ step, sets });
    await writeWhole(this.file, `${JSON.stringify(this.scored, null, 2)}\n`);
    const texts = sets.map(({ set, psnrIn, psnr }) => `${set} ${decimals(psnrIn, 2)} → ${decimals(psnr, 2)} dB`);
    reporter.say(`step ${step}: ${texts.join(', ')}${best ? '; the best so far' : ''}`);
    return best;
  }
}

async function earlier(file: string): Promise<Validated[]> {
  const remedy = 'resume in the folder of the run, or start anew';
  const bytes = await readWhole(file, remedy);
  try {
    return Scored.parse(JSON.parse(bytes.toString()));
  } catch {
    throw new UserError(`${file}: is not what a training wrote; ${remedy}`);
  }
}

/** Mean gain in PSNR over the sets, in dB. */
function gain({ sets }: Validated): number {
  return sets.reduce((sum, { psnrIn, psnr }) => sum + psnr - psnrIn, 0) / sets.length;
}

function means(records: readonly ResultRecord[]): Omit<Validated['sets'][number], 'set' | 'pictures'> {
  const mean = (of: (record: ResultRecord) => number) =>
    records.reduce((sum, record) => sum + Math.min(of(record), MOST), 0) / records.length;
  return {
    psnrIn: mean(({ input }) => input.psnr),
    psnr: mean(({ restored }) => restored.psnr),
    ssim: mean(({ restored }) => restored.ssim),
  };
}

/** Picks at most `most` items, evenly spaced, starting with the first. */
export function spread<Item>(items: readonly Item[], most: number): Item[] {
  const count = Math.min(most, items.length);
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

/** Reporter that hides the single pictures of a validation. */
const quiet: Reporter = {
  say: () => undefined,
  step: () => undefined,
  picture: () => undefined,
  download: () => undefined,
  wrote: () => undefined,
  result: () => undefined,
  pause: () => undefined,
};
