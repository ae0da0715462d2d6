import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, readWhole, type State, UserError, writeWhole } from '@unweather/core-tensor';
import { decimals, meanOf, type ResultRecord } from '@unweather/eval';
import { z } from 'zod';
import type { Data } from '../data.js';
import { evaluate, type Subject } from '../evaluation/evaluate.js';
import type { Reporter } from '../reporter.js';

/** Default for the largest number of pictures scored per set, evenly spaced over it. */
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

/** Scores by which the best weights are kept. */
export const METRICS = ['psnr', 'ssim'] as const;
/** Name of a score, PSNR in dB or SSIM. */
export type Metric = (typeof METRICS)[number];

/** Sets, times and files of a validation. */
export interface ValidationOptions {
  /** Folder of the run. */
  readonly folder: string;
  readonly sets: readonly Data[];
  /** Steps between validations; one more follows the last step. */
  readonly every: number;
  /** Largest number of pictures scored per set, evenly spaced over it; default 12. */
  readonly pictures?: number;
  /** Largest part, from the centre, that is scored of each picture; default: all of it. */
  readonly crop?: { readonly width: number; readonly height: number } | undefined;
  /** Receives a sentence if the scores of a resumed run's earlier part are not there. */
  say?(text: string): void;
  /** Score by which weights are the best: the mean over the sets; default: psnr. */
  readonly metric?: Metric | undefined;
  /** Number of checkpoints kept, the best ones; default 1. */
  readonly keep?: number;
  /** Names the file of one of the best checkpoints; default: best.safetensors. */
  nameOf?(scored: Validated): string;
  /** Network with these weights, and the protocol that scores it. */
  subject(weights: State): Omit<Subject, 'data'>;
}

/**
 * Scores of a training's weights on held-out pictures, step by step. They are saved in validation.json beside the
 * checkpoint, so that a resumed run knows the best scores so far.
 */
export class Validation {
  readonly every: number;

  private constructor(
    private readonly options: ValidationOptions,
    private readonly sets: readonly Data[],
    private scored: readonly Validated[],
  ) {
    this.every = options.every;
  }

  /**
   * @param from steps done; an earlier run's scores after them are dropped
   * @throws UserError naming the file if an earlier run's is damaged
   */
  static async open(options: ValidationOptions, from: number): Promise<Validation> {
    const { folder, every, pictures = PICTURES } = options;
    const sets = options.sets.map((data) => ({ ...data, pairs: spread(data.pairs, pictures) }));
    const before = from < every ? [] : await earlier(fileIn(folder), from, options.say);
    return new Validation(
      options,
      sets,
      before.filter(({ step }) => step <= from),
    );
  }

  /** Number of the last validations of which none was better than the best before them. */
  get withoutGain(): number {
    return this.scored.length - 1 - this.scored.indexOf(this.ranked()[0]!);
  }

  /** Name of the score that decides, for messages. */
  get metric(): Metric {
    return this.options.metric ?? 'psnr';
  }

  /** Scores, the best first. The sort is stable: of equal scores the earlier one counts as the better one. */
  private ranked(): Validated[] {
    const of = this.metric === 'psnr' ? gain : meanSsim;
    return [...this.scored].sort((a, b) => of(b) - of(a));
  }

  /** Forgets the scores after a step, to which a run goes back. */
  goBack(step: number): void {
    this.scored = this.scored.filter((one) => one.step <= step);
  }

  /**
   * Scores weights, saves the scores and reports them. Keeps a checkpoint if it is one of the best by the mean gain in
   * PSNR over the sets, or by their mean SSIM, in place of one that no longer is. Does nothing for a step that is scored already, and saves
   * nothing if the signal was aborted first.
   * @param write writes the checkpoint to a path
   */
  async score(
    step: number,
    weights: State,
    write: (path: string) => Promise<void>,
    { reporter, signal, part }: { readonly reporter: Reporter; readonly signal: AbortSignal; readonly part?: string },
  ): Promise<void> {
    if (this.scored.some((other) => other.step === step)) return;
    const { folder, crop, keep = 1, nameOf = () => 'best.safetensors' } = this.options;
    const sets: Validated['sets'] = [];
    reporter.pause();
    for (const data of this.sets) {
      const { records } = await evaluate({ ...this.options.subject(weights), data }, quiet, { signal, crop });
      if (signal.aborted) return;
      sets.push({ set: data.dataset, pictures: records.length, ...means(records) });
    }
    const one: Validated = { step, sets };
    this.scored = [...this.scored, one];
    const ranked = this.ranked();
    const place = ranked.indexOf(one);
    const name = nameOf(one);
    if (place < keep) {
      await write(join(folder, name));
      const dropped = ranked[keep] && nameOf(ranked[keep]);
      if (dropped !== undefined && dropped !== name) await rm(join(folder, dropped), { force: true });
    }
    await writeWhole(fileIn(folder), `${JSON.stringify(this.scored, null, 2)}\n`);
    const texts = sets.map(({ set, psnrIn, psnr }) => `${set} ${decimals(psnrIn, 2)} → ${decimals(psnr, 2)} dB`);
    reporter.validation?.({ ...(part !== undefined && { part }), ...one, best: place === 0 });
    reporter.say(`step ${step}: ${texts.join(', ')}${place === 0 ? '; the best so far' : ''}`);
  }
}

function fileIn(folder: string): string {
  return join(folder, 'validation.json');
}

async function earlier(file: string, from: number, say: ValidationOptions['say']): Promise<Validated[]> {
  const remedy = 'resume in the folder of the run, or start anew';
  if (!(await exists(file))) {
    say?.(`${file} is not there: the best weights are those of the validations from step ${from} on`);
    return [];
  }
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

function meanSsim({ sets }: Validated): number {
  return sets.reduce((sum, { ssim }) => sum + ssim, 0) / sets.length;
}

function means(records: readonly ResultRecord[]): Omit<Validated['sets'][number], 'set' | 'pictures'> {
  const mean = (of: (record: ResultRecord) => number) => meanOf(records, (record) => Math.min(of(record), MOST));
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
