import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileReason, kindOf, UserError, valueText } from '@unweather/core-tensor';
import { type Bytes, bytesOf } from './bytes.js';

/** Weights to load: their name (a path, a URL, an installed package), or the bytes of a file, in memory or streamed. */
export type WeightsInput = string | URL | Bytes;

/** Name for messages of weights that are given as bytes. */
const BYTES = 'the weights';

/**
 * Opens weights by their name. Bytes go through a temporary file, so that every kind of file is read by its one reader;
 * it is removed afterwards.
 * @param open gets the name of the weights
 * @param shown changes the name that was opened to the one to show
 * @throws UserError for values of another type; errors of `open`, which name bytes "the weights"
 */
export async function openNamed<Opened>(
  weights: WeightsInput,
  open: (name: string) => Promise<Opened>,
  shown: (opened: Opened, name: string) => Opened,
): Promise<Opened> {
  if (typeof weights === 'string' || kindOf(weights) === 'URL') return open(String(weights));
  const found = await bytesOf(weights);
  if (found === undefined)
    throw new UserError(
      `weights is ${valueText(weights)}; give the path or the URL of a file, the name of a package, or the bytes of a file`,
    );
  const folder = await mkdtemp(join(tmpdir(), 'unweather-')).catch(refuse);
  const path = join(folder, 'weights');
  try {
    await writeFile(path, found.bytes, { mode: 0o600 }).catch(refuse);
    return shown(await open(path), BYTES);
  } catch (thrown) {
    throw thrown instanceof UserError ? new UserError(thrown.message.replaceAll(path, BYTES)) : thrown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuse(thrown: unknown): never {
  throw new UserError(
    `${BYTES}: cannot be kept in ${tmpdir()} while they are read (${fileReason(thrown)}); give the path of a file, or set TMPDIR`,
  );
}
