import { choicesText, UserError } from '@unweather/core-tensor';
import type { EvaluationContext } from './evaluation.js';
import { type JournalContent, readJournal } from './journal.js';
import type { PictureRecord } from './record.js';
import { nameOf } from './results.js';

/** An evaluation merged from its shards. */
export interface Merged {
  readonly context: EvaluationContext;
  readonly records: readonly PictureRecord[];
}

/**
 * Merges the shards of one or more evaluations, record by record, never as means of means.
 * @param files files that `eval --shard` wrote
 * @returns evaluations with their pictures in the list's order
 * @throws UserError naming the file that is no shard or of another evaluation, and shards missing or given twice
 */
export async function mergeShards(files: readonly string[]): Promise<Merged[]> {
  const journals = await Promise.all(files.map(shardOf));
  const byName = new Map<string, ShardContent[]>();
  for (const journal of journals) {
    const name = nameOf(journal.context);
    byName.set(name, [...(byName.get(name) ?? []), journal]);
  }
  return [...byName].map(([name, shards]) => merged(name, shards));
}

type ShardContent = JournalContent & { readonly shard: NonNullable<JournalContent['shard']> };

async function shardOf(file: string): Promise<ShardContent> {
  const content = await readJournal(file);
  if (content === undefined) throw new UserError(`${file}: no such file; give the files that "eval --shard" wrote`);
  if (content.shard === null) throw new UserError(`${file}: is a whole evaluation, not a shard; leave it out`);
  return { ...content, shard: content.shard };
}

function merged(name: string, shards: readonly ShardContent[]): Merged {
  const { context, path } = shards[0]!;
  const { of } = shards[0]!.shard;
  const byIndex = new Map<number, ShardContent>();
  for (const shard of shards) {
    const { index } = shard.shard;
    if (shard.shard.of !== of || identity(shard.context) !== identity(context))
      throw new UserError(
        `${shard.path}: belongs to another evaluation than ${path}; merge shards of one run of "eval"`,
      );
    const before = byIndex.get(index);
    if (before !== undefined)
      throw new UserError(`${shard.path}: is shard ${index} of ${of}, like ${before.path}; leave one out`);
    byIndex.set(index, shard);
  }
  const indices = Array.from({ length: of }, (_, i) => i + 1);
  const missing = indices.filter((index) => !byIndex.has(index));
  if (missing.length > 0)
    throw new UserError(`${name}: shards ${choicesText(missing.map(String))} of ${of} are missing; give all of them`);
  for (const [index, shard] of byIndex) {
    const due = Math.ceil((context.pairs - index + 1) / of);
    if (shard.records.length !== due)
      throw new UserError(
        `${shard.path}: has ${shard.records.length} of its ${due} pictures; run "eval --shard ${index}/${of}" again`,
      );
  }
  const records = Array.from(
    { length: context.pairs },
    (_, i) => byIndex.get((i % of) + 1)!.records[Math.floor(i / of)]!,
  );
  const engines = [...new Set(shards.map((shard) => shard.context.provenance.engine))];
  const notes = [...context.notes, `Merged from ${of} shards${engines.length > 1 ? ` by ${engines.join('; ')}` : ''}.`];
  return { context: { ...context, notes }, records };
}

/** Fields in which all shards of one evaluation agree. */
function identity({ pairs, metrics, network, protocol, weights }: EvaluationContext): string {
  return JSON.stringify([pairs, metrics, network, protocol, weights.sha256]);
}
