/** An uncompressed TIFF whose pixels are still to be filled in. */
export interface Tiff {
  readonly bytes: Uint8Array;
  /** Its pixels, rows top to bottom, channels interleaved; a view into `bytes`. */
  readonly pixels: Uint8Array | Uint16Array;
}

/** Facts of a TIFF beside its size. */
export interface TiffShape {
  /** 3 (RGB) or 4 (RGB and alpha, not multiplied). */
  readonly channels: 3 | 4;
  /** Bits per number. */
  readonly depth: 8 | 16;
  /** Pixels per inch; libvips takes 25 where a file states none, and writes that. */
  readonly density: number;
  /** ICC profile. */
  readonly profile?: Uint8Array | undefined;
}

/** Types of TIFF field values, with their sizes in bytes. */
const SHORT = { kind: 3, size: 2 };
const LONG = { kind: 4, size: 4 };
const UNDEFINED = { kind: 7, size: 1 };
/** A whole number as a fraction: itself, then 1. */
const RATIONAL = { kind: 5, size: 8 };

/** Rows per strip; libtiff reads strip by strip. */
const STRIP = 64;
const HEADER = 8;

/**
 * Makes a baseline TIFF (version 6.0) in the machine's byte order: the only input with which sharp takes raw numbers
 * and a colour profile without converting the numbers.
 */
export function emptyTiff(
  { width, height }: { readonly width: number; readonly height: number },
  { channels, depth, density, profile }: TiffShape,
): Tiff {
  const row = width * channels * (depth / 8);
  const strips = Math.ceil(height / STRIP);
  const offsets = Array.from({ length: strips }, (_, i) => HEADER + i * STRIP * row);
  const lengths = offsets.map((_, i) => Math.min(STRIP, height - i * STRIP) * row);
  const fields: [tag: number, type: typeof SHORT, values: ArrayLike<number>][] = [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, Array<number>(channels).fill(depth)],
    [259, SHORT, [1]], // No compression.
    [262, SHORT, [2]], // RGB.
    [273, LONG, offsets],
    [277, SHORT, [channels]],
    [278, LONG, [STRIP]],
    [279, LONG, lengths],
    [282, RATIONAL, [density]],
    [283, RATIONAL, [density]],
    [296, SHORT, [2]], // Inches.
    ...(channels === 4 ? ([[338, SHORT, [2]]] as [number, typeof SHORT, number[]][]) : []),
    ...(profile ? ([[34675, UNDEFINED, profile]] as [number, typeof SHORT, Uint8Array][]) : []),
  ];
  const even = (at: number) => at + (at % 2);
  const directory = even(HEADER + height * row);
  let free = directory + 2 + fields.length * 12 + 4;
  const places = fields.map(([, { size }, values]) => {
    const length = size * values.length;
    if (length <= 4) return undefined;
    const place = free;
    free = even(free + length);
    return place;
  });
  const bytes = new Uint8Array(free);
  const view = new DataView(bytes.buffer);
  const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, directory, little);
  view.setUint16(directory, fields.length, little);
  for (const [i, [tag, { kind, size }, values]] of fields.entries()) {
    const entry = directory + 2 + i * 12;
    view.setUint16(entry, tag, little);
    view.setUint16(entry + 2, kind, little);
    view.setUint32(entry + 4, values.length, little);
    const place = places[i];
    if (place !== undefined) view.setUint32(entry + 8, place, little);
    for (let j = 0; j < values.length; j++) {
      const at = (place ?? entry + 8) + j * size;
      if (size === 1) view.setUint8(at, values[j]!);
      else if (size === 2) view.setUint16(at, values[j]!, little);
      else view.setUint32(at, values[j]!, little);
      if (size === 8) view.setUint32(at + 4, 1, little);
    }
  }
  const count = width * height * channels;
  return {
    bytes,
    pixels: depth === 8 ? bytes.subarray(HEADER, HEADER + count) : new Uint16Array(bytes.buffer, HEADER, count),
  };
}
