import { decimals } from '@unweather/eval';
import { markdownTable } from 'markdown-table';
import { PSNR_DECIMALS, pictureCount, SSIM_DECIMALS } from './tables/format.js';
import { ALL, type MeasuredRow } from './tables/rows.js';
import type { Tables } from './tables/sections.js';

/** Table of all evaluations of every paper, one per line, each with its protocol, since protocols differ. */
export function overviewOf({ sections }: Tables): string {
  const rows = sections.flatMap(({ title, groups }) =>
    groups.flatMap((group) =>
      group.rows
        .filter((row): row is MeasuredRow => row.kind === 'measured' && row.condition === ALL)
        .map(({ evaluation, means, input, restored }) => [
          title,
          `${evaluation.network} (${evaluation.paper})`,
          evaluation.baseline ? 'none' : evaluation.weights.sha256.slice(0, 8),
          evaluation.protocol.name,
          pictureCount(means.pictures, evaluation.expected),
          decimals(input.psnr.mean, PSNR_DECIMALS),
          decimals(restored.psnr.mean, PSNR_DECIMALS),
          decimals(input.ssim.mean, SSIM_DECIMALS),
          decimals(restored.ssim.mean, SSIM_DECIMALS),
        ]),
    ),
  );
  const head = ['', 'network', 'weights', 'protocol', 'pictures', 'PSNR in', 'PSNR', 'SSIM in', 'SSIM'];
  return markdownTable([head, ...rows], { align: ['l', 'l', 'l', 'l', 'r', 'r', 'r', 'r', 'r'] });
}
