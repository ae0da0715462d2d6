import { UserError } from '../../support/error.js';
import { joined } from './exif.js';
import type { PictureMetadata } from './metadata.js';

const JFIF = new TextEncoder().encode('JFIF\0');
const EXIF = new TextEncoder().encode('Exif\0\0');
const XMP = new TextEncoder().encode('http://ns.adobe.com/xap/1.0/\0');
/** Largest content of a segment, in bytes. */
const MOST = 65_533;

/** True if bytes begin like a JPEG. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** Reads the metadata of a JPEG. */
export function metadataInJpeg(bytes: Uint8Array): PictureMetadata {
  const found: { exif?: Uint8Array; xmp?: string } = {};
  for (const { marker, content } of segments(bytes)) {
    if (marker !== 0xe1) continue;
    if (startsWith(content, EXIF)) found.exif ??= content.slice(EXIF.length);
    else if (startsWith(content, XMP)) found.xmp ??= new TextDecoder().decode(content.subarray(XMP.length));
  }
  return found;
}

/** Puts metadata into a JPEG, behind its header. @throws UserError for what is too large for a JPEG */
export function withMetadataInJpeg(bytes: Uint8Array, { exif, xmp }: PictureMetadata): Uint8Array {
  const first = segments(bytes).next().value;
  const at = first?.marker === 0xe0 ? first.end : 2;
  const parts = [
    ...(exif ? [segment(EXIF, exif, 'EXIF')] : []),
    ...(xmp === undefined ? [] : [segment(XMP, new TextEncoder().encode(xmp), 'XMP')]),
  ];
  return joined([bytes.subarray(0, at), ...parts, bytes.subarray(at)]);
}

/** Notes the pixels per inch in the JFIF header of a JPEG, and adds one where there is none, as sharp writes them. */
export function withDensityInJpeg(bytes: Uint8Array, density: number): Uint8Array {
  const first = segments(bytes).next().value;
  const rest = bytes.subarray(first?.marker === 0xe0 ? first.end : 2);
  // Version 1.2, inches, both densities, no thumbnail.
  const words = [density >> 8, density & 0xff];
  const header = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, ...JFIF, 1, 2, 1, ...words, ...words, 0, 0);
  return joined([header, rest]);
}

function segment(name: Uint8Array, content: Uint8Array, what: string): Uint8Array {
  const length = 2 + name.length + content.length;
  if (length - 2 > MOST)
    throw new UserError(
      `its ${what} data are ${Math.ceil(content.length / 1000)} kB, more than a JPEG stores; write png or webp, or choose metadata "copyright" or "none"`,
    );
  return joined([Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff), name, content]);
}

/** The segments before the pixels. */
function* segments(bytes: Uint8Array): Generator<{ marker: number; content: Uint8Array; end: number }> {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xda || marker === 0xd9) return;
    const end = at + 2 + (bytes[at + 2]! << 8) + bytes[at + 3]!;
    yield { marker, content: bytes.subarray(at + 4, end), end };
    if (end < at + 4) return;
    at = end;
  }
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
