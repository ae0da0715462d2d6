import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toBytes, writePng } from '@unweather/core-tensor';
import type { Evaluation, Exemplar, PictureRecord } from '@unweather/eval';
import { restorePair, type Subject } from './evaluate.js';

/** The best, the median and the worst restored picture by PSNR, each once. */
export function ranked(records: readonly PictureRecord[]): { rank: Exemplar['rank']; index: number }[] {
  const order = records.map((_, index) => index).sort((a, b) => psnrOf(records, b) - psnrOf(records, a) || a - b);
  const places = { best: 0, median: Math.floor(order.length / 2), worst: order.length - 1 } as const;
  const seen = new Set<number>();
  return (['best', 'worst', 'median'] as const).flatMap((rank) => {
    const index = order[places[rank]];
    if (index === undefined || seen.has(index)) return [];
    seen.add(index);
    return [{ rank, index }];
  });
}

function psnrOf(records: readonly PictureRecord[], index: number): number {
  return Math.min(records[index]!.restored.psnr, Number.MAX_VALUE);
}

/**
 * Writes the `ranked` pictures as PNG below a folder of results, for reports. Pictures that are not there yet are
 * restored once more.
 * @param records one per pair, in the order of the pairs
 * @param before previous evaluation in the folder
 */
export async function writeExemplars(
  folder: string,
  name: string,
  subject: Subject,
  records: readonly PictureRecord[],
  before: Evaluation | undefined,
): Promise<Exemplar[]> {
  const exemplars = ranked(records).map(({ rank, index }) => {
    const file = (what: string) => join('pictures', name, `${rank}-${what}.png`);
    const { picture, key } = records[index]!;
    return { index, key, rank, picture, input: file('input'), restored: file('restored'), truth: file('truth') };
  });
  const keysBefore = new Map(before?.records.map(({ picture, key }) => [picture, key]));
  const due: typeof exemplars = [];
  for (const exemplar of exemplars) {
    const same = before?.exemplars.some(({ rank, picture }) => rank === exemplar.rank && picture === exemplar.picture);
    const there = same && keysBefore.get(exemplar.picture) === exemplar.key && (await haveFiles(folder, exemplar));
    if (!there) due.push(exemplar);
  }
  if (due.length > 0) {
    const restorer = await subject.contender.open();
    try {
      for (const { index, ...files } of due) {
        const scene = await restorePair(restorer, subject, subject.data.pairs[index]!);
        for (const what of ['input', 'restored', 'truth'] as const)
          await writePng(join(folder, files[what]), toBytes(scene[what]));
      }
    } finally {
      await restorer.dispose();
    }
  }
  return exemplars.map(({ rank, picture, input, restored, truth }) => ({ rank, picture, input, restored, truth }));
}

async function haveFiles(folder: string, { input, restored, truth }: Exemplar): Promise<boolean> {
  const found = await Promise.allSettled([input, restored, truth].map((file) => stat(join(folder, file))));
  return found.every(({ status }) => status === 'fulfilled');
}
