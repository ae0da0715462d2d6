import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError, writeWhole } from '@unweather/core-tensor';
import { z } from 'zod';

const Saved = z.record(z.string(), z.string());

/** Fewest new files that are worth saving for the next run; fewer are decoded in a moment. */
const WORTH_SAVING = 200;

/**
 * Files that were decoded whole before, with their sizes and times, so that a large set is decoded once and not before
 * every run. A file that has changed since counts as new.
 */
export class DecodedFiles {
  private added = 0;

  private constructor(
    private readonly file: string | undefined,
    private readonly known: Map<string, string>,
  ) {}

  /**
   * Reads the list that an earlier run saved, if there is one.
   * @param file where the list is kept between runs; without one, it is kept in memory alone
   */
  static async open(file?: string): Promise<DecodedFiles> {
    const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
    return new DecodedFiles(file, new Map(text === undefined ? [] : Object.entries(parsed(text))));
  }

  /**
   * Decodes a file, unless the same has been decoded before.
   * @param part part of the file that is decoded: the dataset of an HDF5 file
   * @throws the error of `decode`
   */
  async once(path: string, part: string, decode: () => Promise<unknown>): Promise<void> {
    const key = `${resolve(path)}#${part}`;
    const state = await stat(path).then(
      ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
      () => undefined,
    );
    if (state !== undefined && this.known.get(key) === state) return;
    await decode();
    if (state === undefined) return;
    this.known.set(key, state);
    this.added++;
  }

  /** Saves the list for the next run, if much was added. A list that cannot be saved costs time alone. */
  async save(): Promise<void> {
    if (this.file === undefined || this.added < WORTH_SAVING) return;
    this.added = 0;
    await writeWhole(this.file, JSON.stringify(Object.fromEntries(this.known))).catch((thrown: unknown) => {
      if (!(thrown instanceof UserError)) throw thrown;
    });
  }
}

/** An unreadable list is as good as none. */
function parsed(text: string): Record<string, string> {
  try {
    return Saved.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
