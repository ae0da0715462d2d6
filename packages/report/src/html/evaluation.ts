import { decimals, type Interval, type SummaryRow } from '@unweather/eval';
import { PSNR_DECIMALS, SSIM_DECIMALS, signed } from '../tables/format.js';
import type { MeasuredRow } from '../tables/rows.js';
import { charts } from './charts.js';
import { exemplars, type Missing } from './exemplars.js';
import { html, type Markup } from './markup.js';
import { provenance } from './provenance.js';

/**
 * Details of one evaluation: means by condition, distributions, pictures, provenance.
 * @param folder folder of the evaluation
 * @param missing as in {@link exemplars}
 */
export async function evaluationDetails(folder: string, row: MeasuredRow, missing: Missing): Promise<Markup> {
  const { name, evaluation } = row;
  const { network, title, protocol, notes, summary, records } = evaluation;
  return html`<section class="evaluation" id="${name}">
<h3>${network} <small>${title}, by ${protocol.name}</small></h3>
${notes.map((note) => html`<p class="note">${note}</p>`)}
${summary.length > 1 ? conditions(summary) : ''}
${charts(records)}
${await exemplars(folder, evaluation, missing)}
${provenance(evaluation)}
</section>
`;
}

/** Means by condition, such as the rain's level. */
function conditions(summary: readonly SummaryRow[]): Markup {
  const names = ['', 'Pictures', 'PSNR in', 'PSNR out', 'Gain', 'SSIM in', 'SSIM out'];
  const header = names.map((name, i) => html`<th scope="col"${i > 0 ? html` class="number"` : ''}>${name}</th>`);
  const number = (of: Interval | undefined, count: number) =>
    html`<td class="number">${of === undefined ? '' : decimals(of.mean, count)}</td>`;
  const rows = summary.map(
    ({ condition, pictures, input, restored, gain }) => html`<tr><th scope="row">${condition}</th>
<td class="number">${pictures}</td>${number(input.psnr, PSNR_DECIMALS)}${number(restored.psnr, PSNR_DECIMALS)}
<td class="number">${signed(gain.mean, PSNR_DECIMALS)}</td>${number(input.ssim, SSIM_DECIMALS)}${number(
      restored.ssim,
      SSIM_DECIMALS,
    )}</tr>`,
  );
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Means by condition"><table class="conditions">
<thead><tr>${header}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
