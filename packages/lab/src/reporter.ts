import { printable, type StepReport, type TileProgress } from '@unweather/core-tensor';
import { canRewrite, type LogFormat } from '@unweather/core-tensor/command-line';
import { decimals, type ResultRecord, toJson } from '@unweather/eval';
import { type DownloadProgress, progressText } from '@unweather/weights';
import { Presets, SingleBar } from 'cli-progress';
import type { Validated } from './run/validation.js';

/** Finished step of a run; trainings of several parts or stages name them. */
export interface StepOfRun extends StepReport {
  /** Network that the step trains, where a training has several: "teacher-haze", "student". */
  readonly part?: string | undefined;
  /** Stage of that part: "collation". */
  readonly stage?: string | undefined;
}

/** Beginning of a stage, or the point at which it goes on; later steps of its part that were reported before are void. */
export interface StageReport {
  readonly part?: string | undefined;
  readonly stage?: string | undefined;
  /** Name of the trained network. */
  readonly network: string;
  /** Steps done; `to`: at the end of the stage; `total`: of the part. */
  readonly from: number;
  readonly to: number;
  readonly total: number;
}

/** Scores of a validation. */
export interface ValidationReport extends Validated {
  readonly part?: string | undefined;
  /** True if the weights are the best so far. */
  readonly best: boolean;
}

/** Output of a command's progress and results. */
export interface Reporter {
  /** A sentence. */
  say(text: string): void;
  /** A finished training step. */
  step(report: StepOfRun, total: number): void;
  /** A stage of a training that begins or goes on; awaited. */
  stage?(report: StageReport): void | Promise<void>;
  /** Scores of a validation. */
  validation?(report: ValidationReport): void;
  /** A scored picture. */
  picture(record: ResultRecord, done: number, total: number): void;
  /** Progress of a download of weights. */
  download(progress: DownloadProgress): void;
  /** A file that was written. */
  wrote(path: string): void;
  /** A table or other text of several lines that ends the command. */
  result(text: string, data: unknown): void;
  /** Ends a stretch of work: removes the bar from the terminal and starts measuring rates anew. */
  pause(): void;
}

/** Reporter that also shows the progress of restoring. */
export interface RestoreReporter extends Reporter {
  /** Number of finished tiles of a picture. */
  tiles(progress: TileProgress): void;
}

/** Creates the reporter of a log format: JSON lines, or a bar on a terminal and plain lines elsewhere. */
export function createReporter(format: LogFormat, out: NodeJS.WriteStream = process.stdout): RestoreReporter {
  if (format === 'jsonl') return jsonReporter(out);
  return canRewrite(out) ? new TerminalReporter(out) : new LineReporter(out);
}

/** One JSON object a line, each with an "event". */
function jsonReporter(out: NodeJS.WriteStream): RestoreReporter {
  return eventReporter((event, fields) => out.write(`${toJson({ event, ...fields })}\n`));
}

/** Reporter that turns everything into events. @param write receives the event's name and its fields */
export function eventReporter(write: (event: string, fields: object) => void): RestoreReporter {
  let last = -Infinity;
  return {
    say: (text) => write('message', { text }),
    step: (report, total) => write('step', { ...report, total }),
    stage: (report) => write('stage', report),
    validation: (report) => write('validation', report),
    picture: (record, done, total) => write('picture', { ...record, done, total }),
    tiles: (progress) => write('tiles', progress),
    download(progress) {
      // Thousands of chunks arrive; at most one event per second is written.
      if (performance.now() - last < 1000 && progress.done !== progress.total) return;
      last = performance.now();
      write('download', progress);
    },
    wrote: (path) => write('wrote', { path }),
    result: (_text, data) => write('result', { data }),
    pause: () => undefined,
  };
}

const LINE_EVERY_MS = 10_000;

/** Plain lines: the first step, the last one, and every step that ends ten seconds after the last line. */
class LineReporter implements RestoreReporter {
  private clock = new Clock();
  private last = -Infinity;

  constructor(protected readonly out: NodeJS.WriteStream) {}

  say(text: string): void {
    this.out.write(`${printable(text)}\n`);
  }

  step(report: StepReport, total: number): void {
    this.clock.tick(report.step, report.size);
    if (this.due(report.step === total)) this.say(stepText(report, total, this.clock));
  }

  picture(record: ResultRecord, done: number, total: number): void {
    if (this.due(done === total)) this.say(pictureText(record, done, total));
  }

  tiles(progress: TileProgress): void {
    if (this.due(progress.done === progress.total)) this.say(tilesText(progress));
  }

  download(progress: DownloadProgress): void {
    if (this.due(progress.done === progress.total)) this.say(downloadText(progress));
  }

  wrote(path: string): void {
    this.say(`wrote ${path}`);
  }

  result(text: string): void {
    this.say(`\n${text}`);
  }

  pause(): void {
    this.clock = new Clock();
  }

  private due(always: boolean): boolean {
    const now = performance.now();
    if (!always && now - this.last < LINE_EVERY_MS) return false;
    this.last = now;
    return true;
  }
}

/** A bar that is rewritten in place. */
class TerminalReporter implements RestoreReporter {
  private clock = new Clock();
  private bar: SingleBar | undefined;

  constructor(private readonly out: NodeJS.WriteStream) {}

  say(text: string): void {
    this.pause();
    this.out.write(`${printable(text)}\n`);
  }

  step(report: StepReport, total: number): void {
    this.clock.tick(report.step, report.size);
    this.draw(report.step, total, stepText(report, total, this.clock));
  }

  picture(record: ResultRecord, done: number, total: number): void {
    this.draw(done, total, pictureText(record, done, total));
  }

  tiles(progress: TileProgress): void {
    this.draw(progress.done, progress.total, tilesText(progress));
  }

  download(progress: DownloadProgress): void {
    this.draw(progress.done, progress.total ?? progress.done, downloadText(progress));
  }

  wrote(path: string): void {
    this.say(`wrote ${path}`);
  }

  result(text: string): void {
    this.say(`\n${text}`);
  }

  pause(): void {
    this.clock = new Clock();
    this.bar?.stop();
    this.bar = undefined;
  }

  private draw(done: number, total: number, text: string): void {
    if (this.bar === undefined) {
      const options = {
        stream: this.out,
        format: '{bar} {text}',
        barsize: 24,
        clearOnComplete: true,
        hideCursor: true,
      };
      this.bar = new SingleBar(options, Presets.shades_classic);
      this.bar.start(total, 0, { text: '' });
    }
    this.bar.update(done, { text: printable(text) });
  }
}

/** Rates since the first report; the work before it (set-up, the first step) is not counted. */
class Clock {
  private started: { at: number; step: number } | undefined;
  private pictures = 0;
  private step = 0;

  tick(step: number, size: number): void {
    if (this.started === undefined) this.started = { at: performance.now(), step };
    else this.pictures += size;
    this.step = step;
  }

  /** Pictures per second; NaN before the second report. */
  rate(): number {
    return (this.pictures * 1000) / (performance.now() - this.started!.at);
  }

  /** Seconds left until `total` steps are done; NaN before the second report. */
  left(total: number): number {
    const perStep = (performance.now() - this.started!.at) / 1000 / (this.step - this.started!.step);
    return (total - this.step) * perStep;
  }
}

function stepText({ step, loss, psnr }: StepReport, total: number, clock: Clock): string {
  const [rate, left] = [clock.rate(), clock.left(total)];
  const pace = Number.isFinite(left) ? `, ${rate.toFixed(1)} images/s, ${duration(left)} left` : '';
  return `step ${step}/${total}, loss ${loss.total!.toFixed(4)}, PSNR ${psnr.toFixed(2)} dB${pace}`;
}

function pictureText({ picture, input, restored }: ResultRecord, done: number, total: number): string {
  return `picture ${done}/${total}, ${picture}, PSNR ${decimals(input.psnr, 2)} → ${decimals(restored.psnr, 2)} dB`;
}

function tilesText({ done, total }: TileProgress): string {
  return `tile ${done}/${total}`;
}

function downloadText(progress: DownloadProgress): string {
  return `weights, ${progressText(progress)}`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`;
}
