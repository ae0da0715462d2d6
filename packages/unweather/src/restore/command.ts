import {
  type Device,
  type Engine,
  formatNamed,
  interruptible,
  type MetadataChoice,
  type PictureFileFormat,
  printable,
  STANDARD,
  UserError,
} from '@unweather/core-tensor';
import type { LogFormat } from '@unweather/core-tensor/command-line';
import { expand } from '../inputs/expand.js';
import { type Plans, planOutputs } from '../inputs/outputs.js';
import { chooseModel } from '../models/choose.js';
import { UsageError } from '../usage-error.js';
import type { Listener } from './events.js';
import { reporterOf } from './reporter.js';
import { runRestore } from './run.js';

/** Options of the command line. */
export interface RestoreCommand {
  readonly out: string;
  readonly model: string;
  readonly weights?: string;
  readonly weightsKey?: string;
  readonly recursive?: boolean;
  readonly skipExisting?: boolean;
  readonly overwrite?: boolean;
  readonly format?: PictureFileFormat;
  readonly tile?: number | 'auto';
  readonly overlap?: number;
  readonly depth?: 8 | 16;
  readonly quality?: number;
  readonly frame?: number;
  readonly metadata?: MetadataChoice;
  readonly engine?: Engine;
  readonly device?: Device | 'auto';
  readonly threads?: number;
  readonly log?: LogFormat;
}

/**
 * Restores files, folders and globs; Ctrl-C ends it with status 130 after the current tile, and every file written is
 * complete.
 * @throws UsageError for a command line that cannot be carried out; nothing is done then
 * @throws UserError where some pictures failed, each reported on stderr, or none can be restored
 */
export async function restoreCommand(inputs: readonly string[], command: RestoreCommand): Promise<void> {
  const {
    out,
    weights,
    recursive = false,
    skipExisting = false,
    overwrite = false,
    format,
    frame,
    log = 'text',
  } = command;
  if (command.weightsKey !== undefined && weights === undefined)
    throw new UsageError('--weights-key says where weights are in a file; name the file with --weights');
  const failures: string[] = [];
  if (out === STANDARD && process.stdout.isTTY)
    throw new UsageError('standard output is a terminal; send it to a file or a program, or name a file with -o');
  const report = reporterOf(log, out === STANDARD ? process.stderr : process.stdout);
  const tell: Listener = (event) => {
    if (event.event === 'failed') failures.push(event.error);
    report(event);
  };
  await interruptible(async (signal) => {
    const chosen = await chooseModel(command.model, weights);
    const { pictures, leftOut } = await expand(inputs, { recursive, out });
    const chosenFrame = frame === undefined ? {} : { frame };
    const plans = await planOutputs(pictures, { out, overwrite, ...(format && { format }), ...chosenFrame });
    if (command.depth === 16) refuseDepth(plans);
    if (leftOut.length > 0) tell({ event: 'ignored', count: leftOut.length, files: leftOut.slice(0, SHOWN) });
    const { interrupted, skipped } = await runRestore(plans, chosen, { ...command, skipExisting }, tell, signal);
    for (const error of failures) process.stderr.write(`failed: ${printable(error)}\n`);
    if (failures.length > 0 && !interrupted)
      throw new UserError(failureText(failures.length, pictures.length, skipped));
    return !interrupted;
  });
}

/** Files that are named at most. */
const SHOWN = 10;

/** "2 of 5 pictures failed, the others are written; the lines above say why". */
function failureText(failed: number, total: number, skipped: number): string {
  const lines = failed === 1 ? 'the line above says why' : 'the lines above say why';
  if (total === 1) return `the picture failed; ${lines}`;
  if (failed === total) return `all ${total} pictures failed; ${lines}`;
  const others = failed === total - 1 ? 'the other is' : 'the others are';
  return `${failed} of ${total} pictures failed, ${others} ${skipped > 0 ? 'there' : 'written'}; ${lines}`;
}

function refuseDepth({ plans }: Plans): void {
  const other = plans.find(({ output, format = formatNamed(output) }) => format !== 'png' && format !== 'tiff');
  if (other === undefined) return;
  throw new UsageError(
    `${other.output}: --depth 16 works with PNG and TIFF only; add --format png, or leave out --depth`,
  );
}
