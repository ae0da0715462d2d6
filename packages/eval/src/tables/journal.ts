import { type FileHandle, open, readFile } from 'node:fs/promises';
import { errorCode, fileReason, UserError, writeWhole } from '@unweather/core-tensor';
import { z } from 'zod';
import { EvaluationContext, parsedBy, RecordLine, toJson } from './evaluation.js';
import { type PictureRecord, pictureRecord } from './record.js';

/** Every n-th picture of a list, counted from one: shard 2 of 8 has the second, the tenth, and so on. */
export const Shard = z.strictObject({ index: z.int().positive(), of: z.int().positive() });

export type Shard = z.infer<typeof Shard>;

const Head = z.strictObject({ context: EvaluationContext, shard: Shard.nullable() });

/** Scores of a running evaluation, or of a shard: a file of JSON lines, a head and then one line per picture. */
export class Journal {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /**
   * Starts a new journal with the records that are known already.
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

  /**
   * Writes a picture at once and to the disk itself, so that no later failure loses it, even one of the system.
   * @throws UserError naming the file that cannot be written
   */
  async add(record: PictureRecord): Promise<void> {
    try {
      await this.file.appendFile(`${toJson(record)}\n`);
      await this.file.datasync();
    } catch (thrown) {
      throw new UserError(`${this.path}: cannot be written (${fileReason(thrown)}); free the space and run again`);
    }
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Content of a journal. */
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
  // Text after the last line break is left over from a crash.
  const [first = '', ...lines] = text.split('\n').slice(0, -1);
  const { context, shard } = parsedBy(Head, first, `${path}: line 1`);
  const records = lines.map((line, i) => parsedBy(RecordLine, line, `${path}: line ${i + 2}`));
  return { path, context, shard, records };
}
