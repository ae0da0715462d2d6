import { mergeShards, writeEvaluation } from '@unweather/eval';

/** Result of merging the shards of one evaluation. */
export interface MergedEvaluation {
  readonly network: string;
  readonly pictures: number;
  /** Files written. */
  readonly files: readonly string[];
}

/**
 * Merges shards and writes their evaluations, without pictures, since shards keep none.
 * @throws UserError as mergeShards, or naming the file that cannot be written
 */
export async function mergeInto(folder: string, shards: readonly string[]): Promise<MergedEvaluation[]> {
  const written: MergedEvaluation[] = [];
  // One after another: each rewrites the folder's datasets.csv.
  for (const { context, records } of await mergeShards(shards)) {
    const files = await writeEvaluation(folder, context, records);
    written.push({ network: context.network, pictures: records.length, files });
  }
  return written;
}
