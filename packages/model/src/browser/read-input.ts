import { type DecodedPicture, framesIn, messageOf, metadataIn, UserError } from '@unweather/core-tensor';
import { fromImageData, fromPlanes, type ImageDataLike, type Planes } from '../pixels.js';

/** A picture that a browser has decoded: an ImageBitmap. */
export interface BitmapLike {
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** A picture in a browser: a File or Blob of any kind that the browser shows, an ImageBitmap, ImageData, or planes. */
export type BrowserPicture = Blob | BitmapLike | ImageDataLike | Planes;

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
  { frame }: { readonly frame?: number } = {},
): Promise<{ readonly name: string; readonly decoded: DecodedPicture }> {
  if (input instanceof Blob) {
    const name = 'name' in input && typeof input.name === 'string' && input.name !== '' ? input.name : 'the file';
    const bytes = new Uint8Array(await input.arrayBuffer());
    const frames = await framesIn(bytes);
    if (frames > 1 && frame !== 1)
      throw new UserError(
        `${name}: has ${frames} frames, of which a browser decodes the first alone; choose it with { frame: 1 }, or restore all of them with the command "unweather restore"`,
      );
    if (frame !== undefined && frame !== 1)
      throw new UserError(`${name}: there is no frame ${frame}; give a number from 1 to ${frames}`);
    const bitmap = await bitmapOf(input, name);
    const pixels = pixelsOf(bitmap);
    bitmap.close();
    const metadata = metadataIn(bytes);
    const found = metadata.exif !== undefined || metadata.xmp !== undefined;
    return { name, decoded: { ...(await fromImageData(pixels)), ...(found && { metadata }) } };
  }
  if ('close' in input) return { name: 'the ImageBitmap', decoded: await fromImageData(pixelsOf(input)) };
  if ('shape' in input) return { name: 'the Float32Array', decoded: await fromPlanes(input) };
  if ('data' in input && 'width' in input && 'height' in input)
    return { name: 'the ImageData', decoded: await fromImageData(input) };
  throw new UserError(
    'a picture cannot be read from this; give a File, a Blob, an ImageBitmap, ImageData, or { data: Float32Array, shape: [1, 3, height, width] }',
  );
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
