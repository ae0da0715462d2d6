import { join } from 'node:path';
import { messageOf, type Picture, readPicture, UserError } from '@unweather/core-tensor';
import { decimals, type Evaluation, type Exemplar, nameOf, type PictureRecord } from '@unweather/eval';
import { gainOf, PSNR_DECIMALS, SSIM_DECIMALS, signed } from '../tables/format.js';
import { ERROR_SCALE, errorMap, infernoGradient } from './error-map.js';
import { html, Markup } from './markup.js';
import { image, slider } from './slider.js';
import { type WebPicture, webPicture } from './web-picture.js';

const RANKS = { best: 'Best', median: 'Median', worst: 'Worst' };

/**
 * The pictures that an evaluation kept, each under a slider, beside its truth and a map of the remaining error.
 * @param folder folder of the evaluation
 * @throws UserError naming the evaluation and the picture that is missing, unreadable, or of another size
 */
export async function exemplars(folder: string, evaluation: Evaluation): Promise<Markup> {
  if (evaluation.exemplars.length === 0) return html`<p class="absent">No pictures were kept.</p>`;
  const shown: Markup[] = [];
  // One after another: a picture of a benchmark, decoded four times, takes a hundred megabytes.
  for (const exemplar of evaluation.exemplars) {
    const record = evaluation.records.find(({ picture }) => picture === exemplar.picture);
    shown.push(await exemplarOf(folder, nameOf(evaluation), exemplar, record));
  }
  return html`<div class="exemplars">${shown}</div>`;
}

async function exemplarOf(folder: string, name: string, exemplar: Exemplar, record: PictureRecord | undefined) {
  const { rank, picture } = exemplar;
  const [input, restored, truth] = await picturesOf(folder, name, exemplar);
  const { picture: map, mean } = errorMap(restored, truth);
  const pictures = await Promise.all([input, restored, truth, map].map(webPicture));
  const [before, after, clean, error] = pictures as [WebPicture, WebPicture, WebPicture, WebPicture];
  return html`<article><h4>${RANKS[rank]} <span>${picture}</span>${scores(record)}</h4>
<div class="pictures">
${slider(
  { picture: before, name: 'input', alt: `input: ${picture}` },
  { picture: after, name: 'restored', alt: `restored: ${picture}` },
)}
<figure>${image({ picture: clean, alt: `truth: ${picture}` })}<figcaption><span>truth</span></figcaption></figure>
<figure>${image({ picture: error, alt: `error of ${picture}: mean ${decimals(mean, 2)} levels` })}
<figcaption class="scale"><span>error ${decimals(mean, 2)} on average</span>
<span>0 <i style="background:${new Markup(infernoGradient())}"></i> ${ERROR_SCALE} and more</span></figcaption></figure>
</div></article>`;
}

async function picturesOf(folder: string, name: string, exemplar: Exemplar): Promise<[Picture, Picture, Picture]> {
  const { rank, input, restored, truth } = exemplar;
  try {
    const read = (file: string) => readPicture(join(folder, file));
    const pictures = await Promise.all([read(input), read(restored), read(truth)]);
    const sizes = pictures.map(({ width, height }) => `${width}×${height}`);
    if (new Set(sizes).size > 1)
      throw new UserError(`input, restored and truth are ${sizes.join(', ')}; evaluate again`);
    return pictures;
  } catch (thrown) {
    throw thrown instanceof UserError ? new UserError(`${name}.json: ${rank} picture: ${messageOf(thrown)}`) : thrown;
  }
}

function scores(record: PictureRecord | undefined): Markup {
  if (record === undefined) return html``;
  const { input, restored } = record;
  const psnr = [input.psnr, restored.psnr].map((value) => decimals(value, PSNR_DECIMALS)).join(' → ');
  const ssim = [input.ssim, restored.ssim].map((value) => decimals(value, SSIM_DECIMALS)).join(' → ');
  return html` <small>PSNR ${psnr} dB (${signed(gainOf(record), PSNR_DECIMALS)}), SSIM ${ssim}</small>`;
}
