import {
  type Directory,
  type Field,
  numberField,
  type ReadAt,
  readDirectory,
  readingFrom,
  type TiffStart,
  tiffStart,
  writeDirectory,
} from './directory.js';

/** EXIF data: the fields of its directories by tag. Thumbnails are not read. */
export interface Exif {
  /** Fields of the picture: camera, artist, copyright, date. */
  readonly main: ReadonlyMap<number, Field>;
  /** Fields of the exposure. */
  readonly exposure: ReadonlyMap<number, Field>;
  /** Fields of the place. */
  readonly place: ReadonlyMap<number, Field>;
}

/** Tags that are named here. */
const TAGS = { orientation: 274, artist: 315, copyright: 33432, exposure: 34665, place: 34853 } as const;
const SIDES = { width: 40962, height: 40963 } as const;
/** Directory of compatibility data within that of the exposure, whose own place changes; readers do without it. */
const INTEROPERABILITY = 40965;

/**
 * Fields of a TIFF's first directory that describe how its pixels are stored, or hold what is written in another way:
 * XMP, IPTC, ICC profile, Photoshop's layers. They are no EXIF data of the written file.
 */
const LAYOUT: ReadonlySet<number> = new Set([
  ...[254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, TAGS.orientation, 277, 278, 279, 280, 281, 284],
  ...[288, 289, 290, 291, 292, 293, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332, 333, 334, 336],
  ...[338, 339, 340, 341, 342, 343, 345, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532],
  ...[700, 33723, 34377, TAGS.exposure, 34675, TAGS.place, 37724],
]);

/** Reads an EXIF block, with or without the letters "Exif" before it; undefined if it is damaged. */
export async function parseExif(block: Uint8Array): Promise<Exif | undefined> {
  const prefixed = [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, i) => block[i] === byte);
  const bytes = prefixed ? block.subarray(6) : block;
  return exifOfTiff(readingFrom(bytes), bytes.subarray(0, 8));
}

/** Reads the EXIF data of a TIFF file, which are among its own fields; undefined if there are none. */
export async function exifOfTiff(read: ReadAt, head: Uint8Array): Promise<Exif | undefined> {
  const start = tiffStart(head);
  if (start === undefined) return undefined;
  const { fields } = await readDirectory(read, start);
  const main = new Map([...fields].filter(([tag]) => !LAYOUT.has(tag)));
  const exposure = await pointedTo(read, start, fields.get(TAGS.exposure));
  const place = await pointedTo(read, start, fields.get(TAGS.place));
  const exif = { main, exposure: without(exposure, INTEROPERABILITY), place };
  return main.size + exposure.size + place.size === 0 ? undefined : exif;
}

async function pointedTo(read: ReadAt, start: TiffStart, pointer: Field | undefined): Promise<Directory['fields']> {
  if (pointer?.kind !== 4 && pointer?.kind !== 13) return new Map();
  const { buffer, byteOffset } = pointer.bytes;
  const at = new DataView(buffer, byteOffset).getUint32(0, true);
  return (await readDirectory(read, { ...start, at })).fields;
}

function without(fields: ReadonlyMap<number, Field>, tag: number): ReadonlyMap<number, Field> {
  return new Map([...fields].filter(([own]) => own !== tag));
}

/** Only the names of the artist and of the owner; undefined if there are none. */
export function copyrightOf({ main }: Exif): Exif | undefined {
  const own = new Map([...main].filter(([tag]) => tag === TAGS.artist || tag === TAGS.copyright));
  return own.size === 0 ? undefined : { main: own, exposure: new Map(), place: new Map() };
}

/** EXIF data of the upright picture: its orientation, and its sides where they were noted. */
export function upright({ main, exposure, place }: Exif, size: { width: number; height: number }): Exif {
  const sides = new Map(
    [
      [SIDES.width, size.width],
      [SIDES.height, size.height],
    ].flatMap(([tag, side]) => (exposure.has(tag!) ? [[tag!, numberField(side!, 4)] as const] : [])),
  );
  return {
    main: new Map([...main, [TAGS.orientation, numberField(1)]]),
    exposure: new Map([...exposure, ...sides]),
    place,
  };
}

/** Writes an EXIF block, little-endian, without the letters "Exif" before it. */
export function writeExif(exif: Exif): Uint8Array {
  const HEADER = 8;
  const { fields, below } = placed(exif, HEADER, new Map());
  const main = writeDirectory(fields, HEADER);
  const block = new Uint8Array(HEADER + main.length + below.length);
  block.set([0x49, 0x49, 42, 0, HEADER, 0, 0, 0]);
  block.set(main, HEADER);
  block.set(below, HEADER + main.length);
  return block;
}

/**
 * Puts EXIF data into a TIFF file: a directory with the file's fields and these follows at its end.
 * @param more further fields of the first directory, such as XMP
 * @returns the file; as it was, if it is no little-endian TIFF
 */
export async function withExifInTiff(
  file: Uint8Array,
  exif: Exif,
  more: ReadonlyMap<number, Field>,
): Promise<Uint8Array> {
  const start = tiffStart(file.subarray(0, 8));
  if (start === undefined || !start.little) return file;
  const { fields: own, next } = await readDirectory(readingFrom(file), start);
  const at = file.length + (file.length % 2);
  const { fields, below } = placed(exif, at, new Map([...own, ...more]));
  const main = writeDirectory(fields, at, next);
  const written = new Uint8Array(at + main.length + below.length);
  written.set(file);
  new DataView(written.buffer).setUint32(4, at, true);
  written.set(main, at);
  written.set(below, at + main.length);
  return written;
}

/** Fields of the first directory with pointers to the others, which follow it. */
function placed(
  { main, exposure, place }: Exif,
  at: number,
  own: ReadonlyMap<number, Field>,
): { readonly fields: ReadonlyMap<number, Field>; readonly below: Uint8Array } {
  const others = [
    [TAGS.exposure, exposure],
    [TAGS.place, place],
  ] as const;
  const present = others.filter(([, directory]) => directory.size > 0);
  const pointers = (values: readonly number[]) => present.map(([tag], i) => [tag, numberField(values[i]!, 4)] as const);
  const fields = (values: readonly number[]) => new Map([...own, ...main, ...pointers(values)]);
  // The length of a directory does not depend on where its pointers lead.
  let free = at + writeDirectory(fields([0, 0]), at).length;
  const places: number[] = [];
  const parts: Uint8Array[] = [];
  for (const [, directory] of present) {
    const part = writeDirectory(directory, free);
    places.push(free);
    parts.push(part);
    free += part.length;
  }
  return { fields: fields(places), below: joined(parts) };
}

/** Joins bytes. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
