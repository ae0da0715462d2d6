import { joined } from './exif.js';
import type { PictureMetadata } from './metadata.js';

/** Flags of a WebP's extended header. */
const FLAGS = { alpha: 0x10, exif: 0x08, xmp: 0x04 } as const;

/** True if bytes begin like a WebP. */
export function isWebp(bytes: Uint8Array): boolean {
  return nameAt(bytes, 0) === 'RIFF' && nameAt(bytes, 8) === 'WEBP';
}

/** Reads the metadata of a WebP. */
export function metadataInWebp(bytes: Uint8Array): PictureMetadata {
  const found: { exif?: Uint8Array; xmp?: string } = {};
  for (const { name, content } of chunks(bytes)) {
    if (name === 'EXIF') found.exif ??= content.slice();
    if (name === 'XMP ') found.xmp ??= new TextDecoder().decode(content);
  }
  return found;
}

/** True for a WebP whose pictures are all compressed without loss. */
export function isLosslessWebp(bytes: Uint8Array): boolean {
  const pictures = [...chunks(bytes)].flatMap(({ name, content }) =>
    // A frame begins with 16 bytes about its place and its time.
    name === 'ANMF' ? [nameAt(content, 16)] : ['VP8 ', 'VP8L'].includes(name) ? [name] : [],
  );
  return pictures.length > 0 && pictures.every((name) => name === 'VP8L');
}

/** Counts the frames of an animated WebP; 1 for others. */
export function framesOfWebp(bytes: Uint8Array): number {
  return Math.max(1, [...chunks(bytes)].filter(({ name }) => name === 'ANMF').length);
}

/**
 * Puts metadata into a WebP, with an extended header if it has none.
 * @param size of the picture
 */
export function withMetadataInWebp(
  bytes: Uint8Array,
  { exif, xmp }: PictureMetadata,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const own = [...chunks(bytes)];
  const header = new Uint8Array(10);
  const extended = own[0]?.name === 'VP8X';
  if (extended) header.set(own[0]!.content.subarray(0, 10));
  else {
    // The bit behind the two sides of a lossless picture says whether it has an alpha channel.
    const lossless = own.find(({ name }) => name === 'VP8L');
    if (lossless && (lossless.content[4]! & 0x10) !== 0) header[0] = FLAGS.alpha;
    for (const [at, side] of [[4, width - 1] as const, [7, height - 1] as const])
      for (let i = 0; i < 3; i++) header[at + i] = (side >> (8 * i)) & 0xff;
  }
  header[0]! |= (exif ? FLAGS.exif : 0) | (xmp === undefined ? 0 : FLAGS.xmp);
  const parts = [
    chunk('VP8X', header),
    ...own.slice(extended ? 1 : 0).map(({ name, content }) => chunk(name, content)),
    ...(exif ? [chunk('EXIF', exif)] : []),
    ...(xmp === undefined ? [] : [chunk('XMP ', new TextEncoder().encode(xmp))]),
  ];
  const content = joined([new TextEncoder().encode('WEBP'), ...parts]);
  return chunk('RIFF', content);
}

function* chunks(bytes: Uint8Array): Generator<{ name: string; content: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    yield { name: nameAt(bytes, at), content: bytes.subarray(at + 8, at + 8 + length) };
    at += 8 + length + (length % 2);
  }
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const whole = new Uint8Array(8 + content.length + (content.length % 2));
  whole.set(new TextEncoder().encode(name));
  new DataView(whole.buffer).setUint32(4, content.length, true);
  whole.set(content, 8);
  return whole;
}

function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
