import { messageOf, UserError } from '@unweather/core-tensor';

/** A .safetensors file in a browser: a File, its bytes, or the URL to fetch it from. */
export type BrowserWeights = Blob | ArrayBuffer | Uint8Array | URL | string;

/** Reads or fetches a .safetensors file. @throws UserError naming the file or the URL that cannot be read */
export async function readBrowserWeights(
  weights: BrowserWeights,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  if (weights instanceof Uint8Array) return { name: 'the weights', bytes: weights };
  if (weights instanceof ArrayBuffer) return { name: 'the weights', bytes: new Uint8Array(weights) };
  if (weights instanceof Blob) {
    const name = 'name' in weights && typeof weights.name === 'string' ? weights.name : 'the weights';
    return { name, bytes: new Uint8Array(await weights.arrayBuffer()) };
  }
  const name = String(weights);
  const response = await fetch(weights).catch((thrown: unknown) => {
    throw new UserError(`${name}: cannot be fetched (${messageOf(thrown)}); check the address and the connection`);
  });
  if (!response.ok) throw new UserError(`${name}: cannot be fetched (status ${response.status}); check the address`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}
