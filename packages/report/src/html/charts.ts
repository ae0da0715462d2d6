import { decimals, meanOf, type PictureRecord } from '@unweather/eval';
import { gainOf, PSNR_DECIMALS, SSIM_DECIMALS } from '../tables/format.js';
import { histogram } from './histogram.js';
import { html, Markup } from './markup.js';
import { svgChart } from './svg-chart.js';

/** Size in CSS pixels: about a column of the page, so that letters are shown at their size. */
const SIZE = { width: 360, height: 210 };
const AXIS = {
  axisLine: { lineStyle: { color: 'var(--line)' } },
  axisTick: { show: false },
  axisLabel: { color: 'var(--soft)', fontSize: 11 },
  splitLine: { lineStyle: { color: 'var(--line)' } },
};
/** Most bin edges that are labelled, besides the first. */
const LABELS = 7;
/** Most points of the curve of gains, at equal steps of the share of pictures, however many pictures there are. */
const POINTS = 400;

/** Charts of the distribution of an evaluation's scores; a note instead where its records were not kept. */
export function charts(records: readonly PictureRecord[]): Markup {
  if (records.length === 0) return html`<p class="absent">Only the means were kept: no distributions can be drawn.</p>`;
  return html`<div class="charts">
${distribution('PSNR', 'dB', records, ({ psnr }) => psnr, PSNR_DECIMALS)}
${distribution('SSIM', '', records, ({ ssim }) => ssim, SSIM_DECIMALS)}
${gains(records)}</div>`;
}

function distribution(
  name: string,
  unit: string,
  records: readonly PictureRecord[],
  of: (scores: PictureRecord['input']) => number,
  count: number,
): Markup {
  const columns = [records.map(({ input }) => of(input)), records.map(({ restored }) => of(restored))];
  const finite = columns.map((column) => column.filter(Number.isFinite));
  const infinite = records.length * 2 - finite.flat().length;
  if (finite.flat().length === 0) return html`<p class="absent">${name}: every score is infinite.</p>`;
  const { start, step, counts } = histogram(finite);
  const edge = (i: number) => Number((start + i * step).toFixed(9));
  const bins = counts[0]!.length;
  const every = Math.ceil(bins / LABELS);
  const labelled = Array.from({ length: Math.floor(bins / every) + 1 }, (_, i) => edge(i * every));
  const series = counts.map((heights, i) => {
    const values = finite[i]!;
    const color = i === 0 ? 'var(--before)' : 'var(--after)';
    return {
      type: 'line',
      step: 'end',
      symbol: 'none',
      silent: true,
      // A step for each bin; the last edge returns to 0.
      data: [
        [edge(0), 0],
        ...heights.map((height, at) => [edge(at), height]),
        [edge(bins), heights.at(-1)],
        [edge(bins), 0],
      ],
      lineStyle: { color, width: 1.5 },
      areaStyle: { color, opacity: 0.22 },
      ...(values.length > 0 && {
        markLine: {
          symbol: 'none',
          silent: true,
          label: { show: false },
          lineStyle: { color, type: 'dashed', width: 1 },
          data: [{ xAxis: meanOf(values, (value) => value) }],
        },
      }),
    };
  });
  const svg = svgChart(
    {
      grid: { left: 34, right: 14, top: 12, bottom: 24 },
      xAxis: {
        type: 'value',
        min: edge(0),
        max: edge(bins),
        ...AXIS,
        axisLabel: { ...AXIS.axisLabel, customValues: labelled },
        splitLine: { show: false },
      },
      yAxis: { type: 'value', minInterval: 1, ...AXIS },
      series,
    },
    SIZE,
  );
  const mean = (i: number) =>
    decimals(
      meanOf(columns[i]!, (value) => value),
      count,
    );
  const label = `Pictures by ${name}: mean ${mean(0)} before, ${mean(1)} after`;
  return html`<figure><figcaption><b>${name}</b>${unit && `, ${unit}`}: pictures by score,
<span class="before">before</span> (mean ${mean(0)}) and <span class="after">after</span> (mean ${mean(1)})${
    infinite > 0 ? `; ${infinite} infinite ${infinite === 1 ? 'score is' : 'scores are'} not drawn` : ''
  }</figcaption><div role="img" aria-label="${label}">${new Markup(svg)}</div></figure>`;
}

/** Chart of gains from the least to the greatest, over the share of pictures that gain less. */
function gains(records: readonly PictureRecord[]): Markup {
  const all = records.map(gainOf);
  const sorted = all.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return html`<p class="absent">No gain is finite.</p>`;
  const count = Math.min(sorted.length, POINTS);
  const data = Array.from({ length: count }, (_, i) => {
    const share = count === 1 ? 0 : i / (count - 1);
    return [100 * share, sorted[Math.round(share * (sorted.length - 1))]];
  });
  const svg = svgChart(
    {
      grid: { left: 38, right: 18, top: 12, bottom: 24 },
      xAxis: {
        type: 'value',
        max: 100,
        ...AXIS,
        axisLabel: { ...AXIS.axisLabel, formatter: '{value} %' },
        splitLine: { show: false },
      },
      yAxis: { type: 'value', ...AXIS },
      series: [
        {
          type: 'line',
          symbol: count === 1 ? 'circle' : 'none',
          silent: true,
          data,
          lineStyle: { color: 'var(--after)', width: 2 },
          itemStyle: { color: 'var(--after)' },
          areaStyle: { color: 'var(--after)', opacity: 0.12, origin: 0 },
        },
      ],
    },
    SIZE,
  );
  const worse = all.filter((gain) => gain < 0).length;
  const words = worse === 0 ? 'none became worse' : `${worse} of ${all.length} became worse`;
  return html`<figure><figcaption><b>Gain</b>, dB: pictures from the least to the greatest; ${words}</figcaption>
<div role="img" aria-label="Gain in PSNR, sorted: ${words}">${new Markup(svg)}</div></figure>`;
}
