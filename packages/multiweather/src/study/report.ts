import { join } from 'node:path';
import { type OpenedEngine, type State, toBytes } from '@unweather/core-tensor';
import { type ResultRecord, summaryTable, writeContactSheet, writeResults } from '@unweather/eval';
import { evaluate, networkContender, type Reporter, type Subject } from '@unweather/lab';
import { MSBDN } from '../networks/msbdn.js';
import { networkName } from '../networks/widths.js';
import type { Weather } from './data/weathers.js';
import { multiweatherProtocol } from './protocol.js';
import { study } from './study.js';

/** Student with weights, to be scored. */
export function studentWith(weights: State, width: number, engine: OpenedEngine): Omit<Subject, 'data'> {
  const contender = networkContender(new MSBDN(width), weights, engine);
  return { paper: study, name: networkName(width), contender, protocol: multiweatherProtocol };
}

/** Largest number of rows per weather in a contact sheet. */
const ROWS = 4;

export interface ReportOptions {
  readonly validation: readonly Weather[];
  /** Folder of the validation's meta files; undefined for the embedded photographs. */
  readonly metaValid?: string | undefined;
  readonly out: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/**
 * Scores a student under every weather; writes the tables and, for few pictures, a contact sheet.
 * @returns false if the signal was aborted first
 */
export async function reportStudent(
  student: Omit<Subject, 'data'>,
  { validation, metaValid, out, reporter, signal }: ReportOptions,
): Promise<boolean> {
  const rows = [];
  const records: ResultRecord[] = [];
  for (const weather of validation) {
    const { name: split, pairs } = weather;
    const data = { pairs, dataset: metaValid ?? 'embedded', split, identity: '', note: '' };
    const keepScenes = pairs.length <= 30;
    const { records: scores, scenes } = await evaluate({ ...student, data }, reporter, { signal, keepScenes });
    records.push(...scores.map((record) => ({ ...record, condition: weather.name })));
    // Takes every n-th picture only, so that levels and scenes alternate.
    const every = Math.max(1, Math.floor(scenes.length / ROWS));
    for (const [i, { input, restored, truth }] of scenes.entries())
      if (i % every === 0 && i / every < ROWS)
        rows.push({
          pictures: [input, restored, truth].map(toBytes),
          captions: [
            `${scores[i]!.input.psnr.toFixed(2)} dB`,
            `${scores[i]!.restored.psnr.toFixed(2)} dB`,
            `${weather.name}: ${scores[i]!.picture}`,
          ],
        });
  }
  if (signal.aborted) return false;
  const embedded = metaValid === undefined;
  const notes = [
    embedded
      ? 'Embedded set: photographs that travel with the repository, with synthesised weather. No paper’s benchmark.'
      : `Pairs of ${metaValid}.`,
    `Protocol ${multiweatherProtocol.name}: ${multiweatherProtocol.description}`,
  ];
  const heading = { title: `${student.name}, one set of weights`, notes };
  for (const file of await writeResults(out, 'held-out', heading, records)) reporter.wrote(file);
  if (rows.length > 0) {
    const sheet = join(out, 'contact-sheet.png');
    await writeContactSheet(sheet, ['degraded', 'restored', 'truth'], rows);
    reporter.wrote(sheet);
  }
  reporter.result(`${notes.join('\n')}\n\n${summaryTable(records)}`, records);
  return true;
}
