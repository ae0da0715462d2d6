import { fileURLToPath } from 'node:url';
import { type PublishedResult, readPublished } from '@unweather/eval';
import { PAPER_LIST, PAPERS, type PaperName } from '../papers.js';
import { UsageError } from '../usage-error.js';
import { unknown } from './measures.js';
import type { RulerSummary } from './summary.js';

/** A published number beside those measured. */
export interface Beside {
  readonly paper: string;
  readonly result: PublishedResult;
  /** Measured minus published, for each folder; empty where the two must not be subtracted. */
  readonly differences: readonly { readonly label: string; readonly psnr: number; readonly ssim: number }[];
  /** Reason for no difference; empty otherwise. */
  readonly reason: string;
}

/** Published numbers of a paper on a dataset. */
export interface PublishedOf {
  readonly paper: string;
  readonly results: readonly PublishedResult[];
}

/**
 * Reads the published numbers that names such as "durn:did-mdn" stand for: a paper and a dataset.
 * @throws UsageError for an unknown paper or dataset, with the nearest name
 */
export async function publishedNamed(names: readonly string[]): Promise<PublishedOf[]> {
  return Promise.all(
    names.map(async (name) => {
      const [paper = '', dataset = ''] = name.split(/:(.*)/s);
      if (!Object.hasOwn(PAPERS, paper))
        unknown(
          'paper',
          paper,
          PAPER_LIST.map(([known]) => ({ name: known })),
        );
      const { study } = await PAPERS[paper as PaperName].study();
      const all = readPublished(study.published);
      const results = all.filter((result) => result.dataset === dataset);
      if (results.length > 0) return { paper, results };
      if (all.length === 0)
        throw new UsageError(`${paper} has no published numbers in ${fileURLToPath(study.published)}`);
      return unknown(
        'published number',
        name,
        all.map((result) => ({ name: `${paper}:${result.dataset}` })),
      );
    }),
  );
}

/** Compares published numbers with the means of the folders, where both were computed by the same protocol. */
export function beside(published: readonly PublishedOf[], summaries: readonly RulerSummary[]): Beside[] {
  return published.flatMap(({ paper, results }) =>
    results.map((result) => {
      const alike = summaries.find(({ protocol }) => protocol !== null && protocol.name === result.protocol);
      const reason = reasonOf(result, alike);
      const differences =
        alike === undefined || reason !== ''
          ? []
          : alike.folders.flatMap(({ label, means: { psnr, ssim } }) =>
              psnr && ssim ? [{ label, psnr: psnr.mean - result.psnr, ssim: ssim.mean - result.ssim }] : [],
            );
      return { paper, result, differences, reason };
    }),
  );
}

function reasonOf({ protocol, condition }: PublishedResult, alike: RulerSummary | undefined): string {
  if (protocol === null) return 'its source does not state how it was computed';
  if (alike === undefined) return `computed by ${protocol}; add --protocol ${protocol}`;
  return condition === undefined ? '' : `for ${condition} alone`;
}

/** "durn, did-mdn test heavy". */
export function placeOf({
  paper,
  result: { task, dataset, split, condition },
}: Pick<Beside, 'paper' | 'result'>): string {
  return `${paper} ${task}, ${[dataset, split, condition].filter(Boolean).join(' ')}`;
}

/** Source of a published number, with notes that a reader must know. */
export function sourceOf({ source, seen, note }: PublishedResult): string {
  return [source, ...(seen ? [] : ['second-hand']), ...(note === undefined ? [] : [note])].join('; ');
}
