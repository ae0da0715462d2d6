import { join } from 'node:path';
import { readWhole, UserError, writeWhole } from '@unweather/core-tensor';
import { decimals, type ResultRecord } from '@unweather/eval';
import { z } from 'zod';
import type { Data } from './data.js';
import { evaluate, type Subject } from './evaluation/evaluate.js';
import type { Reporter } from './reporter.js';

/** Pictures of a set that are scored at most, evenly spaced over it. */
const PICTURES = 12;
/** A picture that is restored exactly counts as so many dB: means stay finite. */
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
 * Scores of a training's weights on pictures that it never sees, step by step; kept in validation.json beside the
 * checkpoint, so that a resumed run knows what was best.
 */
export class Validation {
  private constructor(
    private readonly file: string,
    private readonly sets: readonly Data[],
    private readonly scored: Validated[],
  ) {}

  /**
   * @param from steps done; what an earlier run scored after them is dropped
   * @throws UserError naming the file, where an earlier run's cannot be read
   */
  static async open(folder: string, sets: readonly Data[], from: number): Promise<Validation> {
    const file = join(folder, 'validation.json');
    const parts = sets.map((data) => ({ ...data, pairs: spread(data.pairs, PICTURES) }));
    return new Validation(file, parts, from === 0 ? [] : (await earlier(file)).filter(({ step }) => step <= from));
  }

  /**
   * Scores weights and says so.
   * @param subject network, weights and protocol
   * @returns whether the mean gain over the sets is the largest so far; undefined where the signal came first
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

/** Mean over the sets of what PSNR gains, in dB. */
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

/** At most so many items, the first among them, as far apart as the others. */
export function spread<Item>(items: readonly Item[], most: number): Item[] {
  const count = Math.min(most, items.length);
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

/** Pictures of a validation are not told one by one. */
const quiet: Reporter = {
  say: () => undefined,
  step: () => undefined,
  picture: () => undefined,
  download: () => undefined,
  wrote: () => undefined,
  result: () => undefined,
  pause: () => undefined,
};
