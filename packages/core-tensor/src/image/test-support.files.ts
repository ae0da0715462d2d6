import { type Field, numberField, writeDirectory } from './metadata/directory.js';
import { chunk } from './metadata/png.js';

/** A page of an uncompressed TIFF to make. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** Numbers, rows top to bottom, channels interleaved. */
  readonly samples: Uint8Array | Uint16Array | Int16Array | Uint32Array | Float32Array;
  /** Kind of the samples: 1 unsigned, 2 signed, 3 floats. */
  readonly kind: 1 | 2 | 3;
  /** Further fields by tag. */
  readonly more?: ReadonlyMap<number, Field>;
}

/** Makes a TIFF of pages, which sharp can only write for bytes and 16 bits. */
export function tiffOf(...pages: readonly TiffPage[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  let [at, link] = [8, 4];
  const links: [place: number, to: number][] = [];
  for (const { width, height, channels, samples, kind, more } of pages) {
    const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = samples;
    const data = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    const padding = byteLength % 2;
    parts.push(data, new Uint8Array(padding));
    const each = (value: number): Field => ({
      kind: 3,
      count: channels,
      bytes: new Uint8Array(Uint16Array.from({ length: channels }, () => value).buffer),
    });
    const fields = new Map<number, Field>([
      [256, numberField(width)],
      [257, numberField(height)],
      [258, each(BYTES_PER_ELEMENT * 8)],
      [259, numberField(1)],
      [262, numberField(channels > 2 ? 2 : 1)],
      [273, numberField(at, 4)],
      [277, numberField(channels)],
      [278, numberField(height)],
      [279, numberField(byteLength, 4)],
      ...(channels % 2 === 0 ? ([[338, numberField(2)]] as const) : []),
      [339, each(kind)],
      ...(more ?? []),
    ]);
    at += byteLength + padding;
    links.push([link, at]);
    link = at + 2 + fields.size * 12;
    const directory = writeDirectory(fields, at);
    parts.push(directory);
    at += directory.length;
  }
  const file = Buffer.concat(parts);
  for (const [place, to] of links) file.writeUInt32LE(to, place);
  return file;
}

/** Puts a chunk behind the header of a PNG. */
export function withChunk(png: Uint8Array, name: string, data: Uint8Array): Buffer {
  const END_OF_HEADER = 33;
  return Buffer.concat([png.subarray(0, END_OF_HEADER), chunk(name, data), png.subarray(END_OF_HEADER)]);
}

/** A number of 32 bits, as chunks hold it. */
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
