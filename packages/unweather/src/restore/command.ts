import {
  type Device,
  type Engine,
  interruptible,
  type MetadataChoice,
  type PictureFileFormat,
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
  const failures: string[] = [];
  const report = reporterOf(log);
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
    const { interrupted } = await runRestore(plans, chosen, { ...command, skipExisting }, tell, signal);
    for (const error of failures) process.stderr.write(`failed: ${error}\n`);
    if (failures.length > 0 && !interrupted)
      throw new UserError(
        `${failures.length} of ${pictures.length} pictures failed, the others are written; the lines above say why`,
      );
    return !interrupted;
  });
}

/** Files that are named at most. */
const SHOWN = 10;

function refuseDepth({ plans }: Plans): void {
  const other = plans.find(({ output }) => !/\.(png|tiff?)$/i.test(output));
  if (other === undefined) return;
  throw new UsageError(
    `${other.output}: --depth 16 works with PNG and TIFF only; add --format png, or leave out --depth`,
  );
}
