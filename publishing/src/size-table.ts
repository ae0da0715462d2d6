import { markdownTable } from 'markdown-table';
import type { Sizes } from './measure-sizes.js';

/** Prints sizes as a table, each beside its earlier value; a removed package keeps its row. */
export function sizeTable(now: Sizes, before: Sizes): string {
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])].sort();
  const rows = names.map((name) => [
    name,
    ...(['unpacked', 'browser'] as const).flatMap((kind) => cells(now[name]?.[kind], before[name]?.[kind])),
  ]);
  const heading = ['kB', 'unpacked', 'before', 'difference', 'browser, gzipped', 'before', 'difference'];
  return markdownTable([heading, ...rows], { align: ['l', ...Array<string>(6).fill('r')] });
}

function cells(now: number | undefined, before: number | undefined): string[] {
  if (now === undefined && before === undefined) return ['', '', ''];
  const difference = (now ?? 0) - (before ?? 0);
  return [
    kilobytes(now),
    kilobytes(before),
    difference === 0 ? '' : `${difference > 0 ? '+' : ''}${kilobytes(difference)}`,
  ];
}

function kilobytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1000).toFixed(1);
}
