import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { fileReason, UserError } from '@unweather/core-tensor';

/**
 * Computes the SHA-256 of a file, in hexadecimal, without loading the whole file into memory.
 * @throws UserError naming the file if it cannot be read; the signal's reason
 */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      signal?.throwIfAborted();
      hash.update(chunk as Buffer);
    }
  } catch (thrown) {
    signal?.throwIfAborted();
    throw new UserError(`${path}: cannot be read (${fileReason(thrown)}); check the path`);
  }
  return hash.digest('hex');
}

/** Validates a SHA-256 typed by a user and lowercases it. @throws UserError unless it is one */
export function sha256From(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new UserError(`"${text}" is not a SHA-256; give its 64 hexadecimal digits`);
  return text.toLowerCase();
}
