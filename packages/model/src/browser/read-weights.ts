import { messageOf, UserError } from '@unweather/core-tensor';
import { type Bytes, bytesOf } from '../bytes.js';

/** A .safetensors file in a browser: its bytes (a File, in memory, or a stream), or the URL to fetch it from. */
export type BrowserWeights = Bytes | URL | string;

/** Names of inputs that have none of their own. */
const WITHOUT_NAMES: ReadonlySet<string> = new Set(['the bytes', 'the file', 'the stream']);

/** Reads or fetches a .safetensors file. @throws UserError naming the file or the URL that cannot be read */
export async function readBrowserWeights(
  weights: BrowserWeights,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const held = await bytesOf(weights);
  if (held) return { ...held, name: WITHOUT_NAMES.has(held.name) ? 'the weights' : held.name };
  const name = String(weights);
  const response = await fetch(name).catch((thrown: unknown) => {
    throw new UserError(`${name}: cannot be fetched (${messageOf(thrown)}); check the address and the connection`);
  });
  if (!response.ok) throw new UserError(`${name}: cannot be fetched (status ${response.status}); check the address`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}
