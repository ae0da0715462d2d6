import { UserError } from '../../support/error.js';
import { METADATA, type MetadataChoice } from './choices.js';
import { copyrightOf, parseExif, upright, writeExif } from './exif.js';
import { keywordOf, type PngText } from './png.js';
import { copyrightXmp, uprightXmp } from './xmp.js';

/** Metadata of a picture file, as stored. */
export interface PictureMetadata {
  /** EXIF block: camera, exposure, date, place. */
  readonly exif?: Uint8Array;
  /** XMP packet. */
  readonly xmp?: string;
  /** Text chunks of a PNG, which only a PNG holds. */
  readonly texts?: readonly PngText[];
}

/** Keywords of texts that tell whose a picture is. */
const OWNERS: readonly string[] = ['Author', 'Copyright'];

/**
 * Chooses what is written of a picture's metadata. The picture is upright, so its orientation is reset.
 * @param size of the upright picture
 * @returns undefined if nothing is to be written
 * @throws UserError for an unknown choice
 */
export async function chosenMetadata(
  { exif: block, xmp: packet, texts: all = [] }: PictureMetadata,
  choice: MetadataChoice,
  size: { readonly width: number; readonly height: number },
): Promise<PictureMetadata | undefined> {
  if (!METADATA.includes(choice))
    throw new UserError(`there is no choice "${choice}" of metadata; choose one of ${METADATA.join(', ')}`);
  if (choice === 'none') return undefined;
  const own = block && (await parseExif(block));
  const part = own && (choice === 'keep' ? own : copyrightOf(own));
  const xmp = packet && (choice === 'keep' ? uprightXmp(packet) : copyrightXmp(packet));
  const texts = choice === 'keep' ? all : all.filter((text) => OWNERS.includes(keywordOf(text)));
  if (part === undefined && xmp === undefined && texts.length === 0) return undefined;
  return {
    ...(part && { exif: writeExif(upright(part, size)) }),
    ...(xmp !== undefined && { xmp }),
    ...(texts.length > 0 && { texts }),
  };
}
