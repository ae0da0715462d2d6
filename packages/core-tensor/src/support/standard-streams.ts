import { errorCode, UserError } from './error.js';
import { fileReason } from './files.js';
import { tellOwnErrors } from './output-errors.js';

/** Name that stands for standard input among inputs, and for standard output as an output. A file of that name is `./-`. */
export const STANDARD = '-';

/** Reads standard input to its end. @throws UserError if it cannot be read, or is empty */
export async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  } catch (thrown) {
    throw new UserError(`standard input: cannot be read (${fileReason(thrown)}); send a picture to it`);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) throw new UserError('standard input: is empty; send a picture to it');
  return bytes;
}

/**
 * Writes bytes to standard output. A reader that stops early (`| head`) is no error.
 * @throws UserError if it cannot be written
 */
export async function writeStandardOutput(bytes: Uint8Array): Promise<void> {
  tellOwnErrors(process.stdout);
  const failure = await new Promise<Error | null | undefined>((resolve) => {
    process.stdout.write(bytes, resolve);
  });
  if (failure && errorCode(failure) !== 'EPIPE')
    throw new UserError(`standard output: cannot be written (${fileReason(failure)}); write to a file`);
}
