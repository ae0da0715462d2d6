import type { ReadAt } from './metadata/directory.js';

/** What the chunks of a PNG before its pixels say that decoders leave aside. */
export interface PngFacts {
  /** Exponent that encodes light (gAMA): 1 for linear light; absent if the file's colours are sRGB's or ICC's. */
  readonly gamma?: number;
  /** Number of frames of an animated PNG. */
  readonly frames: number;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** True if bytes begin like a PNG. */
export function isPng(head: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => head[i] === byte);
}

/** Largest number of chunks that are looked at before the pixels. */
const MOST_CHUNKS = 1000;

/** Difference of gammas that nobody sees; libpng's threshold. */
const SAME_GAMMA = 0.05;

/** Reads the chunks of a PNG before its pixels. */
export async function readPngFacts(read: ReadAt): Promise<PngFacts> {
  let [at, frames, described] = [8, 1, false];
  let gamma = 0;
  for (let i = 0; i < MOST_CHUNKS; i++) {
    const head = await read(at, 16);
    if (head.length < 12) break;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const name = String.fromCharCode(...head.subarray(4, 8));
    if (name === 'IDAT') break;
    if (name === 'acTL') frames = view.getUint32(8);
    if (name === 'gAMA') gamma = view.getUint32(8) / 100_000;
    // These describe the colours, whatever gAMA says.
    if (name === 'sRGB' || name === 'iCCP' || name === 'cICP') described = true;
    at += 12 + view.getUint32(0);
  }
  const other = !described && gamma > 0 && Math.abs(gamma * 2.2 - 1) > SAME_GAMMA;
  return { frames, ...(other && { gamma }) };
}
