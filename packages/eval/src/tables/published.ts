import { readFileSync } from 'node:fs';
import { markdownTable } from 'markdown-table';
import { z } from 'zod';

/** A number that somebody published, with all that is known of how it came about. */
export const PublishedResult = z.strictObject({
  task: z.string(),
  /** Dataset and split, by their names in datasets.json where they stand there. */
  dataset: z.string(),
  split: z.string(),
  /** Which of our protocols computes it so; null where the source does not say how it was computed. */
  protocol: z.string().nullable(),
  psnr: z.number().positive(),
  ssim: z.number().positive().max(1),
  /** Where it stands: the paper's table, a file of the repository, an issue. */
  source: z.string(),
  /** Whether it was read in that place itself, and not in another paper or by memory. */
  seen: z.boolean(),
  note: z.string().optional(),
});

export type PublishedResult = z.infer<typeof PublishedResult>;

/** A paper's published numbers: published.json in its package. @throws Error naming the first entry that does not fit */
export function readPublished(file: URL): readonly PublishedResult[] {
  return z.array(PublishedResult).parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Published numbers as a table for people; empty where there are none. */
export function publishedTable(results: readonly PublishedResult[]): string {
  if (results.length === 0) return '';
  const rows = results.map(({ dataset, split, protocol, psnr, ssim, source, seen, note }) => [
    `${dataset} ${split}`.trim(),
    psnr.toFixed(2),
    ssim.toFixed(4),
    protocol ?? 'not stated',
    [source, ...(seen ? [] : ['second-hand']), ...(note === undefined ? [] : [note])].join('; '),
  ]);
  const align = ['l', 'r', 'r', 'l', 'l'];
  return markdownTable([['published', 'PSNR', 'SSIM', 'protocol', 'where'], ...rows], { align });
}
