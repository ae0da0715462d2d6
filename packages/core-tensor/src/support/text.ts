import { readWhole } from './files.js';

/**
 * Decodes a text as editors of any system write it: UTF-8, with or without a byte order mark, or UTF-16 with one. Bytes
 * that are neither become replacement characters, as in a browser.
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  if (encoding !== 'utf-16be') return new TextDecoder(encoding).decode(bytes);
  // Node's builds with few languages know no UTF-16 of the other order.
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return new TextDecoder('utf-16le').decode(even.map((_, i) => even[i ^ 1]!));
}

/**
 * Reads a text file that people write.
 * @throws UserError naming the file, the reason, and `remedy`
 */
export async function readText(path: string, remedy: string): Promise<string> {
  return decodeText(await readWhole(path, remedy));
}
