import { decimals, type Interval, type PictureRecord } from '@unweather/eval';

export { signed } from '@unweather/eval';

/** PSNR in dB. */
export const PSNR_DECIMALS = 2;
export const SSIM_DECIMALS = 4;

/** A mean with its 95 % interval in words: "31.20 to 32.51". */
export function intervalText({ low, high }: Interval, count: number): string {
  return `${decimals(low, count)} to ${decimals(high, count)}`;
}

/** `measured (published)`; the mean alone where nothing was published. */
export function besidePublished(mean: number, published: number | undefined, count: number): string {
  const measured = decimals(mean, count);
  return published === undefined ? measured : `${measured} (${decimals(published, count)})`;
}

/** Number of scored pictures, and of all pictures where the split has more: "50 of 1201". */
export function pictureCount(pictures: number, expected: number | null): string {
  return expected === null || expected === pictures ? String(pictures) : `${pictures} of ${expected}`;
}

/** PSNR after less PSNR before; 0 for a picture that was perfect and stayed so. */
export function gainOf({ input, restored }: Pick<PictureRecord, 'input' | 'restored'>): number {
  return input.psnr === restored.psnr ? 0 : restored.psnr - input.psnr;
}
