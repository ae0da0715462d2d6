import { extname } from 'node:path';
import { UserError } from '../support/error.js';
import { isStream } from '../support/files.js';
import { inOrder } from '../support/in-order.js';
import { readHeader, STREAM } from './header.js';

/** File endings that claim a picture: such a file is tried whatever it contains, so that a broken one is named. */
const CLAIMS = ['.png', '.jpg', '.jpeg', '.jpe', '.jfif', '.webp', '.avif', '.tif', '.tiff', '.gif'];

/** A file that is no picture. */
export interface LeftOut {
  readonly path: string;
  /** "is BMP, which cannot be decoded here; convert it to …"; absent for what is no picture at all. */
  readonly why?: string;
}

/** Facts that the header of a picture states. */
export interface FoundHeader {
  /** Number of frames of an animation, or of pages. */
  readonly frames: number;
  /** Width of the upright picture. */
  readonly width: number;
  /** Height of the upright picture. */
  readonly height: number;
}

/** Files, apart by whether they are pictures. */
export interface FoundPictures<File> {
  /** The pictures with their headers; without, where a file only claims to be a picture. */
  readonly pictures: readonly (File & { readonly header?: FoundHeader })[];
  readonly leftOut: readonly LeftOut[];
}

/** Files whose headers are read at a time. */
const ABREAST = 8;

/**
 * Finds the pictures among files by reading their headers: what the decoder can read is a picture, whatever the file's
 * name. So is a file with a picture's ending, whose fault is told when it is decoded. Pipes and devices are none.
 * @param files in the order of the result; `named` ones are pictures in any case
 */
export async function findPictures<File extends { readonly path: string; readonly named?: boolean }>(
  files: readonly File[],
): Promise<FoundPictures<File>> {
  const pictures: (File & { readonly header?: FoundHeader })[] = [];
  const leftOut: LeftOut[] = [];
  for await (const { file, header, why } of inOrder(files, ABREAST, (file) => headed(file)))
    if (header !== undefined) pictures.push({ ...file, header });
    else if (why !== STREAM && (file.named || CLAIMS.includes(extname(file.path).toLowerCase()))) pictures.push(file);
    else leftOut.push({ path: file.path, ...(why !== undefined && { why }) });
  return { pictures, leftOut };
}

/** Names the first files that are left out, and why, where a reason is known. */
export function leftOutText(files: readonly LeftOut[], most: number): string {
  const shown = files.slice(0, most).map(({ path, why }) => (why === undefined ? path : `${path} (${why})`));
  return `${shown.join(', ')}${files.length > most ? ', …' : ''}`;
}

async function headed<File extends { readonly path: string }>(
  file: File,
): Promise<{ readonly file: File; readonly header?: FoundHeader; readonly why?: string }> {
  try {
    if (await isStream(file.path)) return { file, why: STREAM };
    const { frames, firstOnly, width, height } = await readHeader(file.path, file.path);
    return { file, header: { frames: firstOnly ? 1 : frames, width, height } };
  } catch (thrown) {
    if (!(thrown instanceof UserError)) return { file };
    const why = thrown.message.slice(file.path.length + 2);
    return why.startsWith('not a readable picture') ? { file } : { file, why };
  }
}
