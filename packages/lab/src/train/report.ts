import { join } from 'node:path';
import { toBytes } from '@unweather/core-tensor';
import {
  decimals,
  type ResultRecord,
  type ScoreSet,
  summaryTable,
  writeContactSheet,
  writeResults,
} from '@unweather/eval';
import { evaluate, type Subject } from '../evaluation/evaluate.js';
import type { Reporter } from '../reporter.js';
import type { TaskStudy } from '../study.js';

/** Largest number of scenes on a contact sheet; beyond it, none is written. */
const SHEET_ROWS = 30;

/**
 * Scores trained weights on held-out pictures; writes the tables and, for few pictures, a contact sheet.
 * @param name of the task
 * @returns false if the signal was aborted first
 */
export async function reportHeldOut(
  subject: Subject,
  { name, task, out }: { readonly name: string; readonly task: TaskStudy; readonly out: string },
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  const { data, protocol } = subject;
  const keepScenes = data.pairs.length <= SHEET_ROWS;
  const { records, scenes } = await evaluate(subject, reporter, { keepScenes, signal });
  if (signal.aborted) return false;
  const heading = {
    title: `${subject.name}, ${task.title}`,
    notes: [data.note, `Protocol ${protocol.name}: ${protocol.description}`],
  };
  for (const file of await writeResults(out, `held-out-${name}`, heading, records)) reporter.wrote(file);
  if (scenes.length > 0) {
    const sheet = join(out, 'contact-sheet.png');
    await writeContactSheet(
      sheet,
      ['degraded', 'restored', 'truth'],
      scenes.map(({ input, restored, truth }, i) => ({
        pictures: [input, restored, truth].map(toBytes),
        captions: captions(records[i]!),
      })),
    );
    reporter.wrote(sheet);
  }
  reporter.result(`${heading.notes.join('\n')}\n\n${summaryTable(records)}`, records);
  return true;
}

function captions({ picture, input, restored }: ResultRecord): string[] {
  const numbers = ({ psnr, ssim }: ScoreSet) => `${decimals(psnr, 2)} dB, SSIM ${decimals(ssim, 3)}`;
  return [numbers(input), numbers(restored), picture];
}
