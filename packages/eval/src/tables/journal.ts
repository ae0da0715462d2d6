import { type FileHandle, open, readFile } from 'node:fs/promises';
import { errorCode, fileReason, UserError, writeWhole } from '@unweather/core-tensor';
import { z } from 'zod';
import { EvaluationContext, parsedBy, RecordLine, toJson } from './evaluation.js';
import { type PictureRecord, pictureRecord } from './record.js';

/** Every so-manieth picture of a list, from one: shard 2 of 8 has the second, the tenth, and so on. */
export const Shard = z.strictObject({ index: z.int().positive(), of: z.int().positive() });

export type Shard = z.infer<typeof Shard>;

const Head = z.strictObject({ context: EvaluationContext, shard: Shard.nullable() });

/** The scores of an evaluation that is under way, or of a shard: a file of JSON lines, a picture each below a first one. */
export class Journal {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /**
   * Begins a journal anew, with the records that are known already.
   * @throws UserError naming the file that cannot be written
   */
  static async begin(
    path: string,
    context: EvaluationContext,
    shard: Shard | null,
    known: readonly PictureRecord[],
  ): Promise<Journal> {
    await writeWhole(
      path,
      [{ context, shard }, ...known.map(pictureRecord)].map((line) => `${toJson(line)}\n`).join(''),
    );
    return new Journal(path, await open(path, 'a'));
  }

  /** Adds a picture; it is kept whatever happens next. @throws UserError naming the file that cannot be written */
  async add(record: PictureRecord): Promise<void> {
    try {
      await this.file.appendFile(`${toJson(record)}\n`);
    } catch (thrown) {
      throw new UserError(`${this.path}: cannot be written (${fileReason(thrown)}); free the space and run again`);
    }
  }

  /** Ends writing. */
  async close(): Promise<void> {
    await this.file.close();
  }
}

/** What a journal holds. */
export interface JournalContent {
  readonly path: string;
  readonly context: EvaluationContext;
  readonly shard: Shard | null;
  readonly records: readonly PictureRecord[];
}

/**
 * Reads a journal. A last line that a crash cut short is left out.
 * @returns undefined where there is no such file
 * @throws UserError naming the file and the line that is wrong
 */
export async function readJournal(path: string): Promise<JournalContent | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read (${fileReason(thrown)}); remove it and evaluate again`);
  }
  // What stands behind the last line's end is what a crash left.
  const [first = '', ...lines] = text.split('\n').slice(0, -1);
  const { context, shard } = parsedBy(Head, first, `${path}: line 1`);
  const records = lines.map((line, i) => parsedBy(RecordLine, line, `${path}: line ${i + 2}`));
  return { path, context, shard, records };
}
