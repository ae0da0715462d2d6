import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileReason, UserError, valueText } from '@unweather/core-tensor';

/** Weights to load: their name (a path, a URL, an installed package), or the bytes of a file. */
export type WeightsInput = string | URL | Uint8Array | ArrayBuffer;

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
  if (typeof weights === 'string') return open(weights);
  const bytes = bytesOf(weights);
  if (bytes === undefined) return open(String(weights));
  const folder = await mkdtemp(join(tmpdir(), 'unweather-')).catch(refuse);
  // Readers that go by the ending of a name find it; the header of .safetensors begins after eight bytes.
  const path = join(folder, bytes[8] === BRACE ? 'weights.safetensors' : 'weights.pth');
  try {
    await writeFile(path, bytes, { mode: 0o600 }).catch(refuse);
    return shown(await open(path), BYTES);
  } catch (thrown) {
    throw thrown instanceof UserError ? new UserError(thrown.message.replaceAll(path, BYTES)) : thrown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const BRACE = 0x7b;

/** Bytes, of any realm; undefined for a URL. @throws UserError for values of another type */
function bytesOf(weights: Exclude<WeightsInput, string>): Uint8Array | undefined {
  if (ArrayBuffer.isView(weights)) return new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  const kind = Object.prototype.toString.call(weights);
  if (kind === '[object ArrayBuffer]') return new Uint8Array(weights as ArrayBuffer);
  if (kind === '[object URL]') return undefined;
  throw new UserError(
    `weights is ${valueText(weights)}; give the path or the URL of a file, the name of a package, or the bytes of a file`,
  );
}

function refuse(thrown: unknown): never {
  throw new UserError(
    `${BYTES}: cannot be kept in ${tmpdir()} while they are read (${fileReason(thrown)}); give the path of a file, or set TMPDIR`,
  );
}
