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
 * The pictures that an evaluation kept, each under a slider, beside its truth and a map of the remaining error. Results
 * may come without their pictures; in the place of those that cannot be shown stands why.
 * @param folder folder of the evaluation
 * @param missing receives a sentence for every place without pictures: missing, unreadable, or of another size
 */
export async function exemplars(folder: string, evaluation: Evaluation, missing: Missing): Promise<Markup> {
  if (evaluation.exemplars.length === 0) return html`<p class="absent">No pictures were kept.</p>`;
  const shown: Markup[] = [];
  // One after another: a picture of a benchmark, decoded four times, takes a hundred megabytes.
  for (const exemplar of evaluation.exemplars) {
    const record = evaluation.records.find(({ picture }) => picture === exemplar.picture);
    const heading = html`<h4>${RANKS[exemplar.rank]} <span>${exemplar.picture}</span>${scores(record)}</h4>`;
    const pictures = await picturesOf(folder, exemplar);
    if (typeof pictures === 'string') missing(`${nameOf(evaluation)}.json: ${exemplar.rank} picture: ${pictures}`);
    const content =
      typeof pictures === 'string'
        ? html`<p class="absent">Not shown: ${pictures.replaceAll(join(folder, '/'), '')}</p>`
        : await comparison(exemplar.picture, pictures);
    shown.push(html`<article>${heading}\n${content}</article>`);
  }
  return html`<div class="exemplars">${shown}</div>`;
}

/** Receives a sentence about something that a page cannot show. */
export type Missing = (sentence: string) => void;

async function comparison(picture: string, [input, restored, truth]: Pictures): Promise<Markup> {
  const { picture: map, mean } = errorMap(restored, truth);
  const pictures = await Promise.all([input, restored, truth, map].map(webPicture));
  const [before, after, clean, error] = pictures as [WebPicture, WebPicture, WebPicture, WebPicture];
  return html`<div class="pictures">
${slider(
  { picture: before, name: 'input', alt: `input: ${picture}` },
  { picture: after, name: 'restored', alt: `restored: ${picture}` },
)}
<figure>${image({ picture: clean, alt: `truth: ${picture}` })}<figcaption><span>truth</span></figcaption></figure>
<figure>${image({ picture: error, alt: `error of ${picture}: mean ${decimals(mean, 2)} levels` })}
<figcaption class="scale"><span>error ${decimals(mean, 2)} on average</span>
<span>0 <i style="background:${new Markup(infernoGradient())}"></i> ${ERROR_SCALE} and more</span></figcaption></figure>
</div>`;
}

type Pictures = readonly [input: Picture, restored: Picture, truth: Picture];

/** Reads the three pictures, or tells why one cannot be shown. */
async function picturesOf(folder: string, { input, restored, truth }: Exemplar): Promise<Pictures | string> {
  try {
    const read = (file: string) => readPicture(join(folder, file));
    const pictures = await Promise.all([read(input), read(restored), read(truth)]);
    const sizes = pictures.map(({ width, height }) => `${width}×${height}`);
    if (new Set(sizes).size > 1) return `input, restored and truth are ${sizes.join(', ')}; evaluate again`;
    return pictures;
  } catch (thrown) {
    if (thrown instanceof UserError) return messageOf(thrown);
    throw thrown;
  }
}

function scores(record: PictureRecord | undefined): Markup {
  if (record === undefined) return html``;
  const { input, restored } = record;
  const psnr = [input.psnr, restored.psnr].map((value) => decimals(value, PSNR_DECIMALS)).join(' → ');
  const ssim = [input.ssim, restored.ssim].map((value) => decimals(value, SSIM_DECIMALS)).join(' → ');
  return html` <small>PSNR ${psnr} dB (${signed(gainOf(record), PSNR_DECIMALS)}), SSIM ${ssim}</small>`;
}
