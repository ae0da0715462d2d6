import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { fileReason, UserError, writeWhole } from '@unweather/core-tensor';
import { z } from 'zod';

const State = z.strictObject({
  /** The server's word for this version of the file: a strong ETag, or when it was last modified. */
  validator: z.string(),
});

/** The beginning of a file that is being downloaded, with what tells whether the server still has the same one. */
export class Part {
  constructor(readonly path: string) {}

  private get state(): string {
    return `${this.path}.json`;
  }

  /** How many bytes are there; 0 where it is unknown of which version they are. */
  async begun(): Promise<{ readonly bytes: number; readonly validator: string }> {
    try {
      const { validator } = State.parse(JSON.parse(await readFile(this.state, 'utf8')));
      return { bytes: (await stat(this.path)).size, validator };
    } catch {
      return { bytes: 0, validator: '' };
    }
  }

  /** How many bytes are there. */
  async size(): Promise<number> {
    return (await stat(this.path)).size;
  }

  /** A fresh part of one version of the file; without a validator it cannot be gone on with later. */
  async begin(validator: string | undefined): Promise<void> {
    await rm(this.state, { force: true });
    await writeFile(this.path, '').catch((thrown) => this.fail(thrown));
    if (validator !== undefined) await writeWhole(this.state, JSON.stringify({ validator }));
  }

  /**
   * Adds what a stream brings.
   * @param grew told of every piece
   * @throws UserError naming the file when it cannot be written; what the stream throws. What came before stays.
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
        'UNWEATHER_CACHE, the same command goes on',
    );
  }
}
