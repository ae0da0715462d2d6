import { isPng, readPngFacts } from '../png-chunks.js';
import type { MetadataChoice } from './choices.js';
import { readingFrom } from './directory.js';
import { isJpeg, metadataInJpeg, withMetadataInJpeg } from './jpeg.js';
import { chosenMetadata, type PictureMetadata } from './metadata.js';
import { metadataInPng, withMetadataInPng } from './png.js';
import { framesOfWebp, isWebp, metadataInWebp, withMetadataInWebp } from './webp.js';

/** Reads the metadata of a PNG, JPEG or WebP, without decoding it; nothing of other files. */
export function metadataIn(bytes: Uint8Array): PictureMetadata {
  if (isJpeg(bytes)) return metadataInJpeg(bytes);
  if (isPng(bytes)) return metadataInPng(bytes);
  return isWebp(bytes) ? metadataInWebp(bytes) : {};
}

/** Puts metadata into a PNG, JPEG or WebP that has none; returns other files as they are. */
export function withMetadata(
  bytes: Uint8Array,
  metadata: PictureMetadata,
  size: { readonly width: number; readonly height: number },
): Uint8Array {
  if (isJpeg(bytes)) return withMetadataInJpeg(bytes, metadata);
  if (isPng(bytes)) return withMetadataInPng(bytes, metadata);
  return isWebp(bytes) ? withMetadataInWebp(bytes, metadata, size) : bytes;
}

/**
 * Puts what is chosen of a picture's metadata into a PNG, JPEG or WebP file of the same picture, upright.
 * @throws UserError for an unknown choice, and for data that are too large for a JPEG
 */
export async function addMetadata(
  bytes: Uint8Array,
  metadata: PictureMetadata,
  choice: MetadataChoice,
  size: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const chosen = await chosenMetadata(metadata, choice, size);
  return chosen === undefined ? bytes : withMetadata(bytes, chosen, size);
}

/** Counts the frames of an animated PNG, WebP or GIF, without decoding it; 1 for others. */
export async function framesIn(bytes: Uint8Array): Promise<number> {
  if (isPng(bytes)) return (await readPngFacts(readingFrom(bytes))).frames;
  if (isWebp(bytes)) return framesOfWebp(bytes);
  return isGif(bytes) ? framesOfGif(bytes) : 1;
}

function isGif(bytes: Uint8Array): boolean {
  return [0x47, 0x49, 0x46, 0x38].every((byte, i) => bytes[i] === byte);
}

/** Counts the pictures of a GIF by going from block to block. */
function framesOfGif(bytes: Uint8Array): number {
  const tableAfter = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  const blocksAfter = (at: number) => {
    let next = at;
    while (next < bytes.length && bytes[next] !== 0) next += bytes[next]! + 1;
    return next + 1;
  };
  let [at, frames] = [13 + tableAfter(bytes[10]!), 0];
  while (at < bytes.length) {
    if (bytes[at] === 0x21) at = blocksAfter(at + 2);
    else if (bytes[at] === 0x2c) {
      frames++;
      at = blocksAfter(at + 11 + tableAfter(bytes[at + 9]!));
    } else break;
  }
  return Math.max(1, frames);
}
