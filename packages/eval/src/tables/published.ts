import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fileReason, UserError } from '@unweather/core-tensor';
import { markdownTable } from 'markdown-table';
import { z } from 'zod';

/** A published number, with everything known about its origin. */
export const PublishedResult = z.strictObject({
  task: z.string(),
  /** Dataset and split, by their names in datasets.json if they are listed there. */
  dataset: z.string(),
  split: z.string(),
  /** Condition, if the number is for one only: "30" of the noises 30, 50 and 70. */
  condition: z.string().optional(),
  /** Our protocol that computes it the same way; null where the source does not say how it was computed. */
  protocol: z.string().nullable(),
  psnr: z.number().positive(),
  ssim: z.number().positive().max(1),
  /** Place of the number: the paper's table, a file of the repository, an issue. */
  source: z.string(),
  /** True if it was read in that place itself, not in another paper or from memory. */
  seen: z.boolean(),
  note: z.string().optional(),
});

export type PublishedResult = z.infer<typeof PublishedResult>;

/**
 * Reads a paper's published numbers: published.json in its package.
 * @throws UserError naming the file and its first wrong entry
 */
export function readPublished(file: URL): readonly PublishedResult[] {
  const path = fileURLToPath(file);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    const reason = thrown instanceof SyntaxError ? 'not JSON' : `cannot be read (${fileReason(thrown)})`;
    throw new UserError(`${path}: ${reason}; give a published.json`);
  }
  const parsed = z.array(PublishedResult).safeParse(json);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw new UserError(`${path}: ${['entry', ...place].join(' ')}: ${message}; fix the file`);
}

/** Published numbers as a table for people; empty where there are none. */
export function publishedTable(results: readonly PublishedResult[]): string {
  if (results.length === 0) return '';
  const rows = results.map(({ dataset, split, condition = '', protocol, psnr, ssim, source, seen, note }) => [
    `${dataset} ${split} ${condition}`.trim(),
    psnr.toFixed(2),
    ssim.toFixed(4),
    protocol ?? 'not stated',
    [source, ...(seen ? [] : ['second-hand']), ...(note === undefined ? [] : [note])].join('; '),
  ]);
  const align = ['l', 'r', 'r', 'l', 'l'];
  return markdownTable([['published', 'PSNR', 'SSIM', 'protocol', 'where'], ...rows], { align });
}
