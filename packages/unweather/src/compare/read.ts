import { basename } from 'node:path';
import { type Picture, readPicture, UserError } from '@unweather/core-tensor';
import { basicsrProtocol, decimals } from '@unweather/eval';

/** A picture that is compared. */
export interface Compared {
  /** "before", "after", "truth". */
  readonly role: string;
  /** Name of its file. */
  readonly name: string;
  readonly picture: Picture;
  /** "PSNR 28.08 dB, SSIM 0.8928", if there is a truth to compare with. */
  readonly scores?: string;
}

/**
 * Reads two or three pictures of one size.
 * @throws UserError naming the file that cannot be read, or whose size differs from the first's
 */
export async function readCompared(before: string, after: string, truth?: string): Promise<Compared[]> {
  const files = [before, after, ...(truth === undefined ? [] : [truth])];
  const pictures = await Promise.all(files.map(readPicture));
  const [first] = pictures as [Picture];
  for (const [i, { width, height }] of pictures.entries())
    if (width !== first.width || height !== first.height)
      throw new UserError(
        `${files[i]}: is ${width}×${height}, ${before} is ${first.width}×${first.height}; compare pictures of one size`,
      );
  return pictures.map((picture, i) => ({
    role: ['before', 'after', 'truth'][i]!,
    name: basename(files[i]!),
    picture,
    ...(i < 2 && pictures.length === 3 && { scores: scoresOf(picture, pictures[2]!) }),
  }));
}

/** PSNR and SSIM by the protocol `basicsr`, on RGB bytes. */
function scoresOf(picture: Picture, truth: Picture): string {
  const { psnr, ssim } = basicsrProtocol.score(picture, truth);
  return `PSNR ${decimals(psnr, 2)} dB, SSIM ${decimals(ssim, 4)}`;
}
