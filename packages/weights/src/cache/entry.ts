import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, UserError, writeWhole } from '@unweather/core-tensor';
import { z } from 'zod';
import { sha256OfFile } from '../sha256.js';
import type { Address } from './address.js';

const RECORD = 'download.json';

const Download = z.strictObject({
  /** Source of the file, without keys. */
  url: z.string(),
  file: z.string(),
  sha256: z.string(),
  /** In bytes. */
  size: z.int(),
  /** Date of the download, ISO 8601. */
  date: z.string(),
});

/** Record of a finished download. */
export type Download = z.infer<typeof Download>;

/** A download's folder in the cache: the file, download.json, and, during the download, the file's .part. */
export class Entry {
  constructor(
    readonly folder: string,
    readonly file: string,
  ) {}

  static of(cache: string, { folder, file }: Address): Entry {
    return new Entry(join(cache, folder), file);
  }

  get path(): string {
    return join(this.folder, this.file);
  }

  get part(): string {
    return `${this.path}.part`;
  }

  /** Reads the record of the download; undefined if there is none or it is unfinished. */
  async download(): Promise<Download | undefined> {
    return (await exists(this.path)) ? readDownload(this.folder) : undefined;
  }

  /**
   * Reads the record like `download`, and compares the file with its hash.
   * @throws UserError if the bytes have changed; the file is then removed, so that the next call downloads it anew
   */
  async verified(signal?: AbortSignal): Promise<Download | undefined> {
    const download = await this.download();
    if (download === undefined) return undefined;
    const actual = await sha256OfFile(this.path, signal);
    if (actual === download.sha256) return download;
    await this.remove();
    throw new UserError(
      `${this.path}: damaged (its SHA-256 is ${actual}, it was downloaded with ${download.sha256}); it was removed, ` +
        'run this again to download it anew',
    );
  }

  /** Renames the finished part to the file and writes its record. */
  async finish(download: Omit<Download, 'file'>): Promise<Download> {
    const record = { ...download, file: this.file };
    // A file without a record does not count: the old record is removed first, the new one written last.
    await rm(join(this.folder, RECORD), { force: true });
    await rename(this.part, this.path);
    await writeWhole(join(this.folder, RECORD), JSON.stringify(record, null, 2), '\n');
    return record;
  }

  async remove(): Promise<void> {
    await rm(join(this.folder, RECORD), { force: true });
    await rm(this.path, { force: true });
  }
}

/** Lists every finished download of a cache, sorted by path. */
export async function entriesIn(cache: string): Promise<{ entry: Entry; download: Download }[]> {
  const folders = (await readdir(cache, { withFileTypes: true }).catch(() => [])).filter((at) => at.isDirectory());
  const found = await Promise.all(
    folders.map(async ({ name }) => {
      const record = await readDownload(join(cache, name));
      const entry = record && new Entry(join(cache, name), record.file);
      const download = await entry?.download();
      return entry && download ? [{ entry, download }] : [];
    }),
  );
  return found.flat().sort((a, b) => a.entry.path.localeCompare(b.entry.path));
}

/** Reads a record. A garbled one counts as missing: the file is downloaded again. */
async function readDownload(folder: string): Promise<Download | undefined> {
  try {
    return Download.parse(JSON.parse(await readFile(join(folder, RECORD), 'utf8')));
  } catch {
    return undefined;
  }
}
