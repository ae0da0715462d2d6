import { closeSync, openSync, writeSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, fileReason, readWhole, UserError, writeWhole } from '@unweather/core-tensor';
import { toJson } from '@unweather/eval';
import { z } from 'zod';

/** Fields of an event that decide whether a resumed run drops it; the others are as `--log jsonl` prints them. */
const LoggedEvent = z.looseObject({ event: z.string(), part: z.string().optional(), step: z.number().optional() });

/** An event of a training, one line of log.jsonl. */
export type LoggedEvent = z.infer<typeof LoggedEvent>;

const REMEDY = 'free the space, or correct the rights of the file, and go on with --resume';

/**
 * log.jsonl in the folder of a run: one JSON object a line, written at once, so that a killed process leaves a log that
 * can be read up to its last whole line. A run that goes back to an earlier step drops the steps that it does again.
 */
export class RunLog {
  private file: number | undefined;

  private constructor(
    private readonly path: string,
    /** Events of the earlier part of a resumed run. */
    readonly earlier: readonly LoggedEvent[],
    /** Lines that are no events, which a killed process or a crash left; they are dropped. */
    readonly torn: number,
  ) {}

  /**
   * Opens the log of a folder. A run that begins keeps what is there as previous-log.jsonl.
   * @throws UserError naming the file that cannot be read or written
   */
  static async open(folder: string, resumed: boolean): Promise<RunLog> {
    const path = join(folder, 'log.jsonl');
    const found = await exists(path);
    if (found && !resumed) await rename(path, join(folder, 'previous-log.jsonl')).catch(refuse(path));
    const lines = found && resumed ? await linesOf(path) : [];
    const events = lines.map(eventIn);
    const whole = events.filter((event) => event !== undefined);
    const torn = events.length - whole.length;
    const log = new RunLog(path, whole, torn);
    if (torn > 0) await log.rewrite(lines.filter((_, i) => events[i] !== undefined));
    log.file = log.opened();
    return log;
  }

  /** Writes an event. Does nothing after a failure, which was thrown. @throws UserError naming the file */
  write(event: LoggedEvent): void {
    const { file } = this;
    if (file === undefined) return;
    try {
      writeSync(file, `${toJson(event)}\n`);
    } catch (thrown) {
      this.close();
      refuse(this.path)(thrown);
    }
  }

  /** Drops the steps and validations of a part after a step. @throws UserError naming the file */
  async goBack(part: string | undefined, step: number): Promise<void> {
    if (this.file === undefined) return;
    const lines = await linesOf(this.path);
    const kept = lines.filter((line) => {
      const event = eventIn(line);
      return !(event?.step !== undefined && event.part === part && event.step > step);
    });
    if (kept.length === lines.length) return;
    this.close();
    await this.rewrite(kept);
    this.file = this.opened();
  }

  /** Closes the file. */
  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private opened(): number {
    try {
      return openSync(this.path, 'a');
    } catch (thrown) {
      return refuse(this.path)(thrown);
    }
  }

  private async rewrite(lines: readonly string[]): Promise<void> {
    await writeWhole(this.path, ...lines.map((line) => `${line}\n`));
  }
}

function refuse(path: string): (thrown: unknown) => never {
  return (thrown) => {
    throw new UserError(`${path}: cannot be written (${fileReason(thrown)}); ${REMEDY}`);
  };
}

async function linesOf(path: string): Promise<string[]> {
  const text = (await readWhole(path, 'remove it, or choose another --out')).toString();
  return text.split('\n').filter((line) => line !== '');
}

function eventIn(line: string): LoggedEvent | undefined {
  try {
    return LoggedEvent.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
