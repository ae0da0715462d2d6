import { decimals, type Evaluation } from '@unweather/eval';
import { besidePublished, intervalText, PSNR_DECIMALS, pictureCount, SSIM_DECIMALS, signed } from '../tables/format.js';
import { ALL, type MeasuredRow, metricOf, type PublishedRow, type Row } from '../tables/rows.js';
import type { Group, Section } from '../tables/sections.js';
import { html, type Markup } from './markup.js';

type Metric = Evaluation['metrics'][number];

/** The table of a section: a group of rows for each protocol, columns that sort within each. */
export function sectionTable({ id, title, groups }: Section): Markup {
  const metrics = metricsOf(groups.flatMap(({ rows }) => rows));
  const header = [
    html`<th scope="col"><button type="button">Network</button></th>`,
    ...[
      'PSNR',
      'SSIM',
      ...metrics.map(heading),
      'Gain',
      'Input PSNR',
      'Input SSIM',
      'Pictures',
      'Against published',
    ].map((name) => html`<th scope="col" class="number"><button type="button">${name}</button></th>`),
  ];
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-title">
<table id="${id}-table" aria-label="${title}"><thead><tr>${header}</tr></thead>
${groups.map((group) => groupBody(group, header.length, metrics))}</table></div>`;
}

/** The published numbers whose splits were not measured. */
export function unmeasuredTable(rows: readonly PublishedRow[]): Markup {
  const names = ['Dataset and split', 'Paper', 'PSNR', 'SSIM', 'Protocol', 'Source', 'Measured'];
  const header = names.map(
    (name) =>
      html`<th scope="col"${name === 'PSNR' || name === 'SSIM' ? html` class="number"` : ''}><button type="button">${name}</button></th>`,
  );
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="unmeasured-title">
<table class="unmeasured" id="unmeasured-table" aria-label="Published, not measured here"><thead><tr>${header}</tr></thead>
<tbody>${rows.map(unmeasuredRow)}</tbody></table></div>`;
}

function unmeasuredRow({ number: { paper, result }, reason }: PublishedRow): Markup {
  const { task, dataset, split, psnr, ssim, protocol } = result;
  const source = sourceOf(result);
  const place = [dataset, split].filter(Boolean).join(', ');
  return html`<tr class="published"><th scope="row" data-value="${place}">${place} <small>${task}</small></th>${textCell(paper)}
${numberCell(psnr, PSNR_DECIMALS)}${numberCell(ssim, SSIM_DECIMALS)}${textCell(protocol ?? 'not stated')}
<td class="source" data-value="${source}">${source}</td>${textCell(reason)}</tr>
`;
}

function groupBody({ protocol, rows }: Group, columns: number, metrics: readonly Metric[]): Markup {
  const words =
    protocol === null
      ? html`Protocol not stated by the source`
      : html`<span class="name">${protocol.name}</span> ${protocol.description}`;
  return html`<tbody><tr class="protocol"><th scope="rowgroup" colspan="${columns}"><span>${words}</span></th></tr>
${rows.map((row) => bodyRow(row, metrics))}</tbody>
`;
}

function bodyRow(row: Row, metrics: readonly Metric[]): Markup {
  return row.kind === 'measured' ? measured(row, metrics) : published(row, metrics.length);
}

function weightsOf({ baseline, weights }: MeasuredRow['evaluation']): Markup {
  return baseline ? html`` : html`, weights <code>${weights.sha256.slice(0, 8)}</code>`;
}

function measured(row: MeasuredRow, metrics: readonly Metric[]): Markup {
  const { name, evaluation, condition, means, input, restored } = row;
  const expected = condition === ALL ? evaluation.expected : null;
  const { psnr, ssim } = row.published?.result ?? {};
  return html`<tr>
<th scope="row" data-value="${evaluation.network}"><a href="#${name}">${evaluation.network}</a>
<small>${evaluation.paper}${condition === ALL ? '' : `, ${condition} alone`}${weightsOf(evaluation)}</small></th>
${scoreCell(restored.psnr.mean, besidePublished(restored.psnr.mean, psnr, PSNR_DECIMALS), intervalText(restored.psnr, PSNR_DECIMALS))}
${scoreCell(restored.ssim.mean, besidePublished(restored.ssim.mean, ssim, SSIM_DECIMALS), intervalText(restored.ssim, SSIM_DECIMALS))}
${metrics.map(({ name, decimals: count }) => {
  const value = metricOf(row, name);
  return value === undefined
    ? emptyCell()
    : scoreCell(value.mean, decimals(value.mean, count), intervalText(value, count));
})}
${scoreCell(means.gain.mean, signed(means.gain.mean, PSNR_DECIMALS), `${signed(means.gain.low, 2)} to ${signed(means.gain.high, 2)}`)}
${numberCell(input.psnr.mean, PSNR_DECIMALS)}
${numberCell(input.ssim.mean, SSIM_DECIMALS)}
<td class="number" data-value="${means.pictures}">${pictureCount(means.pictures, expected)}</td>
${difference(row)}</tr>
`;
}

function difference({ restored, published, reason }: MeasuredRow): Markup {
  if (published === undefined) return html`<td class="number reason">${reason}</td>`;
  const { psnr, ssim } = published.result;
  const [decibels, similarity] = [restored.psnr.mean - psnr, restored.ssim.mean - ssim];
  return html`<td class="number" data-value="${decibels}">${signed(decibels, PSNR_DECIMALS)} dB
<small>SSIM ${signed(similarity, SSIM_DECIMALS)}</small></td>`;
}

function published({ number: { paper, result }, reason }: PublishedRow, metrics: number): Markup {
  return html`<tr class="published"><th scope="row" data-value="${paper}">${paper} <small>${sourceOf(result)}</small></th>
<td class="number" data-value="${result.psnr}">(${decimals(result.psnr, PSNR_DECIMALS)})</td>
<td class="number" data-value="${result.ssim}">(${decimals(result.ssim, SSIM_DECIMALS)})</td>
${Array.from({ length: metrics + 4 }, emptyCell)}<td class="number reason">${reason}</td></tr>
`;
}

/** Source of a published number, with notes that a reader must know. */
function sourceOf({ source, seen, note }: PublishedRow['number']['result']): string {
  return [source, ...(seen ? [] : ['second-hand']), ...(note === undefined ? [] : [note])].join('; ');
}

/** Metrics of all rows, once each. */
function metricsOf(rows: readonly Row[]): Metric[] {
  const all = rows.flatMap((row) => (row.kind === 'measured' ? row.evaluation.metrics : []));
  return [...new Map(all.map((metric) => [metric.name, metric])).values()];
}

function heading({ name, better }: Metric): string {
  return `${name} ${better === 'higher' ? '↑' : '↓'}`;
}

function scoreCell(value: number, text: string, interval: string): Markup {
  return html`<td class="number" data-value="${value}">${text} <small>${interval}</small></td>`;
}

function numberCell(value: number, count: number): Markup {
  return html`<td class="number" data-value="${value}">${decimals(value, count)}</td>`;
}

function textCell(text: string): Markup {
  return html`<td data-value="${text}">${text}</td>`;
}

function emptyCell(): Markup {
  return html`<td class="number"></td>`;
}
