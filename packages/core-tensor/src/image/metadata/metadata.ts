import { UserError } from '../../support/error.js';
import { METADATA, type MetadataChoice } from './choices.js';
import { copyrightOf, parseExif, upright, writeExif } from './exif.js';
import { copyrightXmp, uprightXmp } from './xmp.js';

/** Metadata of a picture file, as stored. */
export interface PictureMetadata {
  /** EXIF block: camera, exposure, date, place. */
  readonly exif?: Uint8Array;
  /** XMP packet. */
  readonly xmp?: string;
}

/**
 * Chooses what is written of a picture's metadata. The picture is upright, so its orientation is reset.
 * @param size of the upright picture
 * @returns undefined if nothing is to be written
 * @throws UserError for an unknown choice
 */
export async function chosenMetadata(
  { exif: block, xmp: packet }: PictureMetadata,
  choice: MetadataChoice,
  size: { readonly width: number; readonly height: number },
): Promise<PictureMetadata | undefined> {
  if (!METADATA.includes(choice))
    throw new UserError(`there is no choice "${choice}" of metadata; choose one of ${METADATA.join(', ')}`);
  if (choice === 'none') return undefined;
  const own = block && (await parseExif(block));
  const part = own && (choice === 'keep' ? own : copyrightOf(own));
  const xmp = packet && (choice === 'keep' ? uprightXmp(packet) : copyrightXmp(packet));
  if (part === undefined && xmp === undefined) return undefined;
  return { ...(part && { exif: writeExif(upright(part, size)) }), ...(xmp !== undefined && { xmp }) };
}
