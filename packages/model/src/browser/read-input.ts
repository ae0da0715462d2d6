import { type DecodedPicture, framesIn, messageOf, metadataIn, UserError } from '@unweather/core-tensor';
import { type Bytes, bytesOf, type NamedBytes } from '../bytes.js';
import {
  fromImageData,
  fromPlanes,
  fromRestored,
  type ImageDataLike,
  isImageData,
  isPlanes,
  isRestored,
  type Planes,
  requireFrame,
} from '../pixels.js';
import type { RestoredPixels } from '../restored-pixels.js';

/** A picture that a browser has decoded: an ImageBitmap. */
export interface BitmapLike {
  readonly width: number;
  readonly height: number;
  close(): void;
}

/**
 * A picture in a browser: the bytes of a file of any kind that the browser shows (a File or Blob, in memory, or a
 * stream), an ImageBitmap, a restored picture, ImageData, or planes.
 */
export type BrowserPicture = Bytes | BitmapLike | RestoredPixels | ImageDataLike | Planes;

/** Part of a browser's canvas API that is used here. */
interface Canvas {
  getContext(kind: '2d'): {
    drawImage(image: BitmapLike, x: number, y: number): void;
    getImageData(x: number, y: number, width: number, height: number): ImageDataLike;
  };
}
interface BrowserGlobal {
  createImageBitmap(source: Blob, options: object): Promise<BitmapLike>;
  readonly OffscreenCanvas: new (width: number, height: number) => Canvas;
}

/**
 * Reads a picture in a browser. Files are decoded upright and in sRGB, as the browser shows them; 16 bits become 8. The
 * metadata of PNG, JPEG and WebP files are kept.
 * @param options frame 1 takes the first frame of an animation; browsers decode no other
 * @throws UserError naming the input if it is not a picture, has several frames, or its shape or its values are wrong
 */
export async function readBrowserPicture(
  input: BrowserPicture,
  { frame }: { readonly frame?: number | undefined } = {},
): Promise<{ readonly name: string; readonly decoded: DecodedPicture }> {
  const file = await fileOf(input);
  if (file) {
    const { name, bytes, blob } = file;
    const frames = await framesIn(bytes);
    if (frames > 1 && frame !== 1)
      throw new UserError(
        `${name}: has ${frames} frames, of which a browser decodes the first alone; choose it with { frame: 1 }, or restore all of them with the command "unweather restore"`,
      );
    requireFrame(frame, frames, name);
    const bitmap = await bitmapOf(blob, name);
    const pixels = pixelsOf(bitmap);
    bitmap.close();
    const metadata = metadataIn(bytes);
    const found = metadata.exif !== undefined || metadata.xmp !== undefined;
    return { name, decoded: { ...(await fromImageData(pixels)), ...(found && { metadata }) } };
  }
  if (isRestored(input)) return { name: 'the restored picture', decoded: await fromRestored(input, { frame }) };
  const single = async (name: string, decode: () => Promise<DecodedPicture>) => {
    requireFrame(frame, 1, name);
    return { name, decoded: await decode() };
  };
  if (isBitmap(input)) return single('the ImageBitmap', () => fromImageData(pixelsOf(input)));
  if (isPlanes(input)) return single('the Float32Array', () => fromPlanes(input));
  if (isImageData(input)) return single('the ImageData', () => fromImageData(input));
  throw new UserError(
    'a picture cannot be read from this; give a File, a Blob, the bytes of a file, a stream, an ImageBitmap, ImageData, or { data: Float32Array, shape: [1, 3, height, width] }',
  );
}

/** The bytes of a file, also as this realm's Blob; undefined for an input that is none. */
async function fileOf(input: BrowserPicture): Promise<(NamedBytes & { readonly blob: Blob }) | undefined> {
  const found = await bytesOf(input);
  return found && { ...found, blob: input instanceof Blob ? input : new Blob([found.bytes]) };
}

function isBitmap(input: object): input is BitmapLike {
  return 'close' in input && 'width' in input && 'height' in input;
}

const browser = () => globalThis as unknown as BrowserGlobal;

async function bitmapOf(file: Blob, name: string): Promise<BitmapLike> {
  try {
    return await browser().createImageBitmap(file, { imageOrientation: 'from-image', premultiplyAlpha: 'none' });
  } catch (thrown) {
    throw new UserError(
      `${name}: not a picture that this browser can show (${messageOf(thrown)}); use PNG, JPEG or WebP`,
    );
  }
}

/** Reads the pixels of a bitmap, which stays open. */
function pixelsOf(bitmap: BitmapLike): ImageDataLike {
  const { width, height } = bitmap;
  const context = new (browser().OffscreenCanvas)(width, height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}
