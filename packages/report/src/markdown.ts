import { decimals } from '@unweather/eval';
import { markdownTable } from 'markdown-table';
import { besidePublished, intervalText, PSNR_DECIMALS, pictureCount, SSIM_DECIMALS, signed } from './tables/format.js';
import { ALL, type MeasuredRow, metricOf, type PublishedRow, type Row } from './tables/rows.js';
import type { Group, Section, Tables } from './tables/sections.js';

const KINDS = {
  benchmark: '',
  embedded: 'Embedded photographs, no benchmark: ',
  own: 'A user’s own list, no benchmark: ',
};

/** The tables of a report in Markdown. @param level of the sections' headings */
export function markdownOf({ sections, unmeasured }: Tables, level = 2): string {
  const heading = (title: string) => `${'#'.repeat(level)} ${title}`;
  return [
    ...sections.flatMap((section) => [
      heading(`${KINDS[section.kind]}${cell(section.title)}`),
      ...section.groups.map(groupOf),
    ]),
    ...(unmeasured.length > 0 ? [heading('Published, not measured here'), unmeasuredTable(unmeasured)] : []),
  ].join('\n\n');
}

/** The rows of one protocol below its description. */
function groupOf({ protocol, rows }: Section['groups'][number]): string {
  const words =
    protocol === null ? 'Protocol not stated by the source:' : `\`${protocol.name}\`: ${protocol.description}`;
  return `${words}\n\n${groupTable(rows)}`;
}

function groupTable(rows: Group['rows']): string {
  const measured = rows.filter((row): row is MeasuredRow => row.kind === 'measured');
  const all = measured.flatMap(({ evaluation }) => evaluation.metrics);
  const metrics = [...new Map(all.map((metric) => [metric.name, metric])).values()];
  const names = metrics.map(({ name, better }) => `${name} ${better === 'higher' ? '↑' : '↓'}`);
  const head = ['', 'pictures', 'PSNR in', 'PSNR', '95 %', 'gain', 'SSIM in', 'SSIM', ...names, 'against published'];
  const line = (row: Row) => (row.kind === 'measured' ? measuredLine(row) : publishedLine(row));
  const measuredLine = (row: MeasuredRow) => {
    const { evaluation, condition, means, input, restored, published } = row;
    const [part, expected] = condition === ALL ? ['', evaluation.expected] : [`, ${cell(condition)} alone`, null];
    const weights = evaluation.baseline ? '' : `, weights \`${evaluation.weights.sha256.slice(0, 8)}\``;
    return [
      `${cell(evaluation.network)} (${cell(evaluation.paper)})${part}${weights}`,
      pictureCount(means.pictures, expected),
      decimals(input.psnr.mean, PSNR_DECIMALS),
      besidePublished(restored.psnr.mean, published?.result.psnr, PSNR_DECIMALS),
      intervalText(restored.psnr, PSNR_DECIMALS),
      signed(means.gain.mean, PSNR_DECIMALS),
      decimals(input.ssim.mean, SSIM_DECIMALS),
      besidePublished(restored.ssim.mean, published?.result.ssim, SSIM_DECIMALS),
      ...metrics.map(({ name, decimals: count }) => {
        const value = metricOf(row, name);
        return value === undefined ? '' : decimals(value.mean, count);
      }),
      difference(row),
    ];
  };
  const publishedLine = ({ number: { paper, result }, reason }: PublishedRow) => [
    `${cell(paper)}: ${cell(result.source)}${result.note === undefined ? '' : `; ${cell(result.note)}`}`,
    '',
    '',
    `(${decimals(result.psnr, PSNR_DECIMALS)})`,
    '',
    '',
    '',
    `(${decimals(result.ssim, SSIM_DECIMALS)})`,
    ...names.map(() => ''),
    reason,
  ];
  const align = ['l', ...Array<string>(head.length - 2).fill('r'), 'l'];
  return markdownTable([head, ...rows.map(line)], { align });
}

function difference({ published, reason, restored }: MeasuredRow): string {
  if (published === undefined) return reason;
  const { psnr, ssim } = published.result;
  return `${signed(restored.psnr.mean - psnr, PSNR_DECIMALS)} dB, ${signed(restored.ssim.mean - ssim, SSIM_DECIMALS)}`;
}

function unmeasuredTable(rows: readonly PublishedRow[]): string {
  const lines = rows.map(({ number: { paper, result } }) => [
    cell(paper),
    cell([result.dataset, result.split, result.condition].filter(Boolean).join(', ')),
    cell(result.task),
    decimals(result.psnr, PSNR_DECIMALS),
    decimals(result.ssim, SSIM_DECIMALS),
    result.protocol === null ? 'not stated' : `\`${result.protocol}\``,
    cell([...(result.note === undefined ? [] : [result.note]), ...(result.seen ? [] : ['second-hand'])].join('; ')),
  ]);
  const head = ['paper', 'dataset, split', 'task', 'PSNR', 'SSIM', 'protocol', 'note'];
  return markdownTable([head, ...lines], { align: ['l', 'l', 'l', 'r', 'r', 'l', 'l'] });
}

/** Escapes text for a Markdown cell: no line ends, nothing that opens a cell, a tag or an emphasis. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*<>|[\]]/g, '\\$&');
}
