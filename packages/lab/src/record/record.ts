import { join } from 'node:path';
import { messageOf, type OpenedEngine, UserError, writeWhole } from '@unweather/core-tensor';
import { environmentOf } from '../evaluation/provenance.js';
import { eventReporter, type Reporter, type StageReport, type StepOfRun, type ValidationReport } from '../reporter.js';
import { curveOf } from './curve.js';
import { EventFile } from './event-file.js';
import { History } from './history.js';
import { type LoggedEvent, RunLog } from './run-log.js';

/** Times that the curve is drawn in a run without validations. */
const DRAWINGS = 20;

/** Facts of a training that its record states. */
export interface RecordOptions {
  /** Folder of the run. */
  readonly out: string;
  /** Recipe of the run, with its changes. */
  readonly recipe: object;
  /** True if the run goes on from a checkpoint: what the folder says of it stays. */
  readonly resumed: boolean;
  readonly engine: OpenedEngine;
}

/** Reporter of a training that keeps what it reports, once the folder of the run is opened. */
export interface Recorder extends Reporter {
  /**
   * Begins the record in the folder of a run: recipe.json, environment.json, log.jsonl, curve.svg, and event files for
   * TensorBoard. What was reported before is written, too.
   * @throws UserError naming the file that cannot be read or written
   */
  open(options: RecordOptions): Promise<void>;
}

/**
 * Keeps a record of a training beside its checkpoints. Nothing is written before the training opens the record, so that
 * wrong input leaves no files.
 * @param reporter receives everything as well
 * @param work the training
 * @returns what the training returns
 */
export async function recorded<Result>(
  reporter: Reporter,
  work: (recorder: Recorder) => Promise<Result>,
): Promise<Result> {
  const record = new RunRecord(reporter);
  try {
    const result = await work(record.recorder);
    await record.close();
    return result;
  } catch (thrown) {
    await record.close(thrown);
    throw thrown;
  }
}

class RunRecord {
  readonly recorder: Recorder;
  private readonly history = new History();
  private readonly eventFiles = new Map<string, EventFile>();
  private readonly validated = new Set<string>();
  /** Events before the record is opened. */
  private early: LoggedEvent[] = [];
  private log: RunLog | undefined;
  private out: string | undefined;
  private drawing: Promise<void> = Promise.resolve();
  private drawn = true;
  private undrawable: unknown;

  constructor(private readonly reporter: Reporter) {
    const own: Reporter = {
      ...eventReporter((event, fields) => this.write({ event, ...fields })),
      stage: (report) => this.stage(report),
      step: (report, total) => this.step(report, total),
      validation: (report) => this.validation(report),
    };
    this.recorder = { ...both(reporter, own), open: (options) => this.open(options) };
  }

  private async open({ out, recipe, resumed, engine }: RecordOptions): Promise<void> {
    const environment = await environmentOf(engine);
    this.log = await RunLog.open(out, resumed);
    this.out = out;
    await writeWhole(join(out, 'recipe.json'), `${JSON.stringify(recipe, null, 2)}\n`);
    await writeWhole(join(out, 'environment.json'), `${JSON.stringify(environment, null, 2)}\n`);
    for (const event of this.log.earlier) remember(this.history, event);
    const { torn } = this.log;
    if (torn > 0)
      this.recorder.say(
        `${join(out, 'log.jsonl')}: ${torn === 1 ? 'a line was' : `${torn} lines were`} cut short; dropped`,
      );
    for (const event of this.early.splice(0)) this.log.write(event);
    this.write({ event: 'environment', ...environment });
  }

  private async stage(report: StageReport): Promise<void> {
    this.history.stage(report);
    await this.log?.goBack(report.part, report.from);
    this.write({ event: 'stage', ...report });
    if (this.out === undefined) return;
    const { part = '', from } = report;
    let file = this.eventFiles.get(part);
    if (file === undefined) {
      file = EventFile.begin(join(this.out, folderOf(part)), now());
      this.eventFiles.set(part, file);
    }
    file.goOnAfter(from, now());
  }

  private step(report: StepOfRun, total: number): void {
    const { part = '', step, loss, learningRate, psnr } = report;
    this.history.step(report, total);
    this.drawn = false;
    this.write({ event: 'step', ...report, total });
    const terms = Object.entries(loss).map(([name, value]) => [`loss/${name}`, value] as const);
    const values = new Map([...terms, ['training/learning rate', learningRate], ['training/PSNR', psnr]]);
    this.eventFiles.get(part)?.scalars(step, values, now());
    if (!this.validated.has(part) && step % Math.ceil(total / DRAWINGS) === 0) this.draw();
  }

  private validation(report: ValidationReport): void {
    const { part = '', step, sets } = report;
    this.history.validation(report);
    this.validated.add(part);
    this.write({ event: 'validation', ...report });
    const values = sets.flatMap(({ set, psnr, ssim }) => [
      [`validation PSNR/${set}`, psnr] as const,
      [`validation SSIM/${set}`, ssim] as const,
    ]);
    this.eventFiles.get(part)?.scalars(step, new Map(values), now());
    this.draw();
  }

  private write(event: LoggedEvent): void {
    const timed = { time: new Date().toISOString(), ...event };
    if (this.log === undefined) this.early.push(timed);
    else this.log.write(timed);
  }

  /** Draws the curve anew, after any drawing in progress. */
  private draw(): void {
    const { out } = this;
    if (out === undefined) return;
    this.drawn = true;
    this.drawing = this.drawing
      .then(async () => writeWhole(join(out, 'curve.svg'), await curveOf(this.history)))
      .catch((thrown: unknown) => {
        this.undrawable = thrown;
      });
  }

  /** Ends the record. A curve that cannot be drawn is told, and is no reason to lose a training. */
  async close(thrown?: unknown): Promise<void> {
    if (!this.drawn) this.draw();
    await this.drawing;
    if (this.undrawable !== undefined && thrown === undefined) {
      if (!(this.undrawable instanceof UserError)) throw this.undrawable;
      this.reporter.say(messageOf(this.undrawable));
    }
    if (thrown !== undefined && this.log !== undefined)
      try {
        this.write({ event: 'error', message: messageOf(thrown) });
      } catch {
        // The error itself matters more than why it cannot be written.
      }
    this.log?.close();
    for (const file of this.eventFiles.values()) file.close();
  }
}

/** Repeats an event of a log. */
function remember(history: History, event: LoggedEvent): void {
  const as = <Report>() => event as unknown as Report;
  if (event.event === 'stage') history.stage(as<StageReport>());
  if (event.event === 'step') history.step(as<StepOfRun>(), as<{ total: number }>().total);
  if (event.event === 'validation') history.validation(as<ValidationReport>());
}

/** Folder for the event files of a part: TensorBoard shows each folder as a run. */
function folderOf(part: string): string {
  return part.replace(/[^\w.-]+/g, '-');
}

/** Reporter that passes everything to two others, the second one first: what is shown has been kept. */
function both(shown: Reporter, kept: Reporter): Reporter {
  const each = (tell: (reporter: Reporter) => void) => [kept, shown].forEach(tell);
  return {
    say: (text) => each((to) => to.say(text)),
    step: (report, total) => each((to) => to.step(report, total)),
    async stage(report) {
      await kept.stage?.(report);
      await shown.stage?.(report);
    },
    validation: (report) => each((to) => to.validation?.(report)),
    picture: (...of) => each((to) => to.picture(...of)),
    download: (progress) => each((to) => to.download(progress)),
    wrote: (path) => each((to) => to.wrote(path)),
    result: (...of) => each((to) => to.result(...of)),
    pause: () => each((to) => to.pause()),
  };
}

function now(): number {
  return Date.now() / 1000;
}
