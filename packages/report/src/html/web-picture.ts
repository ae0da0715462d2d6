import type { Picture } from '@unweather/core-tensor';
import sharp from 'sharp';

/** WebP quality of the pictures in a page, out of 100. */
export const QUALITY = 88;
/** Most pixels of the longer side; larger pictures are scaled down. */
export const LONGEST = 1024;

/** A picture embedded in a page. */
export interface WebPicture {
  readonly uri: string;
  readonly width: number;
  readonly height: number;
}

/** Encodes a picture as WebP in a data URI. */
export async function webPicture({ width, height, data }: Picture): Promise<WebPicture> {
  const { data: webp, info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: LONGEST, height: LONGEST, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true });
  return { uri: `data:image/webp;base64,${webp.toString('base64')}`, width: info.width, height: info.height };
}
