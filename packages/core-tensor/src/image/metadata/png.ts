import { joined } from './exif.js';
import type { PictureMetadata } from './metadata.js';

/** Keyword of XMP in a text chunk, then: not compressed, no language, no translation. */
const XMP = 'XML:com.adobe.xmp\0\0\0\0\0';
/** Place behind the signature and the header. */
const BEHIND_HEADER = 33;

/** Reads the metadata of a PNG. */
export function metadataInPng(bytes: Uint8Array): PictureMetadata {
  const found: { exif?: Uint8Array; xmp?: string } = {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const content = bytes.subarray(at + 8, at + 8 + length);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === 'eXIf') found.exif ??= content.slice();
    if (name === 'iTXt') {
      const text = new TextDecoder().decode(content);
      if (text.startsWith(XMP)) found.xmp ??= text.slice(XMP.length);
    }
    at += 12 + length;
  }
  return found;
}

/** Puts metadata into a PNG, behind its header. */
export function withMetadataInPng(bytes: Uint8Array, { exif, xmp }: PictureMetadata): Uint8Array {
  const chunks = [
    ...(exif ? [chunk('eXIf', exif)] : []),
    ...(xmp === undefined ? [] : [chunk('iTXt', new TextEncoder().encode(`${XMP}${xmp}`))]),
  ];
  return joined([bytes.subarray(0, BEHIND_HEADER), ...chunks, bytes.subarray(BEHIND_HEADER)]);
}

/** Makes a chunk of a PNG. */
export function chunk(name: string, content: Uint8Array): Uint8Array {
  const whole = new Uint8Array(12 + content.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, content.length);
  whole.set(new TextEncoder().encode(name), 4);
  whole.set(content, 8);
  view.setUint32(8 + content.length, checksum(whole.subarray(4, 8 + content.length)));
  return whole;
}

/** CRC-32, as PNG computes it. */
function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
