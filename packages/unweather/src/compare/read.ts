import { basename } from 'node:path';
import { type Picture, readPicture, readStandardInput, STANDARD, UserError } from '@unweather/core-tensor';
import { basicsrProtocol, decimals } from '@unweather/eval';
import { UsageError } from '../usage-error.js';

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
 * Reads two or three pictures of one size; "-" is standard input.
 * @throws UsageError for several that are standard input
 * @throws UserError naming the file that cannot be read, or whose size differs from the first's
 */
export async function readCompared(before: string, after: string, truth?: string): Promise<Compared[]> {
  const files = [before, after, ...(truth === undefined ? [] : [truth])];
  if (files.filter((file) => file === STANDARD).length > 1)
    throw new UsageError('standard input holds one picture; give the others as files');
  const names = files.map((file) => (file === STANDARD ? 'standard input' : file));
  const pictures = await Promise.all(
    files.map(async (file, i) =>
      readPicture(file === STANDARD ? { name: names[i]!, bytes: await readStandardInput() } : file),
    ),
  );
  const [first] = pictures as [Picture];
  for (const [i, { width, height }] of pictures.entries())
    if (width !== first.width || height !== first.height)
      throw new UserError(
        `${names[i]}: is ${width}×${height}, ${names[0]} is ${first.width}×${first.height}; compare pictures of one size`,
      );
  return pictures.map((picture, i) => ({
    role: ['before', 'after', 'truth'][i]!,
    name: basename(names[i]!),
    picture,
    ...(i < 2 && pictures.length === 3 && { scores: scoresOf(picture, pictures[2]!) }),
  }));
}

/** PSNR and SSIM by the protocol `basicsr`, on RGB bytes. */
function scoresOf(picture: Picture, truth: Picture): string {
  const { psnr, ssim } = basicsrProtocol.score(picture, truth);
  return `PSNR ${decimals(psnr, 2)} dB, SSIM ${decimals(ssim, 4)}`;
}
