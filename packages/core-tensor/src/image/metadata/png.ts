import { joined } from './exif.js';
import type { PictureMetadata } from './metadata.js';

/** Keyword of XMP in a text chunk, then: not compressed, no language, no translation. */
const XMP = 'XML:com.adobe.xmp\0\0\0\0\0';
/** Place behind the signature and the header. */
const BEHIND_HEADER = 33;

/** A text chunk of a PNG, as stored: title, author, comment, or what a program notes. */
export interface PngText {
  /** "tEXt", "zTXt" or "iTXt". */
  readonly name: string;
  readonly content: Uint8Array;
}

/** Reads the metadata of a PNG. */
export function metadataInPng(bytes: Uint8Array): PictureMetadata {
  const found: { exif?: Uint8Array; xmp?: string } = {};
  for (const { name, content } of chunks(bytes)) {
    if (name === 'eXIf') found.exif ??= content.slice();
    if (name === 'iTXt') {
      const text = new TextDecoder().decode(content);
      if (text.startsWith(XMP)) found.xmp ??= text.slice(XMP.length);
    }
  }
  const texts = textsOfPng(bytes);
  return { ...found, ...(texts.length > 0 && { texts }) };
}

/** Keywords of chunks that hold other metadata as text: they are read elsewhere, or would show the picture as it was. */
const OTHERS = /^(XML:com\.adobe\.xmp|Raw profile type )/;

/** Reads the text chunks of a PNG, before and after its pixels, without those that hold EXIF, XMP or IPTC data. */
export function textsOfPng(bytes: Uint8Array): PngText[] {
  return [...chunks(bytes)]
    .filter((one) => ['tEXt', 'zTXt', 'iTXt'].includes(one.name) && !OTHERS.test(keywordOf(one)))
    .map(({ name, content }) => ({ name, content: content.slice() }));
}

/** Keyword of a text chunk, such as "Author"; it is in Latin-1. */
export function keywordOf({ content }: PngText): string {
  const end = content.subarray(0, 80).indexOf(0);
  return String.fromCharCode(...content.subarray(0, end < 0 ? 79 : end));
}

/** Puts metadata into a PNG, behind its header. */
export function withMetadataInPng(bytes: Uint8Array, { exif, xmp, texts = [] }: PictureMetadata): Uint8Array {
  const more = [
    ...(exif ? [chunk('eXIf', exif)] : []),
    ...(xmp === undefined ? [] : [chunk('iTXt', new TextEncoder().encode(`${XMP}${xmp}`))]),
    ...texts.map(({ name, content }) => chunk(name, content)),
  ];
  return joined([bytes.subarray(0, BEHIND_HEADER), ...more, bytes.subarray(BEHIND_HEADER)]);
}

function* chunks(bytes: Uint8Array): Generator<PngText> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    yield { name, content: bytes.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
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
