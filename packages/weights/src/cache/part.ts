import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { fileReason, UserError, writeWhole } from '@unweather/core-tensor';
import { z } from 'zod';

const State = z.strictObject({
  /** Server's identifier of this version of the file: a strong ETag, or the date of the last change. */
  validator: z.string(),
});

/** The part of a file downloaded so far, with the validator that identifies the server's version. */
export class Part {
  constructor(readonly path: string) {}

  private get state(): string {
    return `${this.path}.json`;
  }

  /** Reads the number of bytes downloaded and their validator; 0 bytes if their version is unknown. */
  async begun(): Promise<{ readonly bytes: number; readonly validator: string }> {
    try {
      const { validator } = State.parse(JSON.parse(await readFile(this.state, 'utf8')));
      return { bytes: (await stat(this.path)).size, validator };
    } catch {
      return { bytes: 0, validator: '' };
    }
  }

  /** Reads the size in bytes. */
  async size(): Promise<number> {
    return (await stat(this.path)).size;
  }

  /** Starts an empty part of one version of the file; without a validator it cannot be resumed later. */
  async begin(validator: string | undefined): Promise<void> {
    await rm(this.state, { force: true });
    await writeFile(this.path, '').catch((thrown) => this.fail(thrown));
    if (validator !== undefined) await writeWhole(this.state, JSON.stringify({ validator }));
  }

  /**
   * Appends a stream.
   * @param grew called with the size of every chunk
   * @throws UserError naming the file if it cannot be written; errors of the stream. Bytes written before stay.
   */
  async append(stream: AsyncIterable<Uint8Array>, grew: (bytes: number) => void): Promise<void> {
    const file = await open(this.path, 'a').catch((thrown) => this.fail(thrown));
    try {
      for await (const chunk of stream) {
        await file.writeFile(chunk).catch((thrown) => this.fail(thrown));
        grew(chunk.length);
      }
    } finally {
      await file.close();
    }
  }

  async remove(): Promise<void> {
    await rm(this.state, { force: true });
    await rm(this.path, { force: true });
  }

  private fail(thrown: unknown): never {
    throw new UserError(
      `${this.path}: cannot be written (${fileReason(thrown)}); free the space or choose another place by ` +
        'UNWEATHER_CACHE, then run the same command again to continue',
    );
  }
}
