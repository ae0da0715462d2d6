import type { StageReport, StepOfRun, ValidationReport } from '../reporter.js';

/** Numbers by step, the first step first. */
export interface Series {
  readonly steps: number[];
  readonly values: number[];
}

/** Course of one part of a training: what is drawn of it. */
export interface PartHistory {
  /** Name of the part; empty if the training has one only. */
  readonly name: string;
  /** Steps of the whole part. */
  total: number;
  /** Loss terms by name. */
  readonly losses: Map<string, Series>;
  readonly rate: Series;
  /** PSNR of the training batches, in dB. */
  readonly trainingPsnr: Series;
  /** Scores of the validations, by set. */
  readonly psnr: Map<string, Series>;
  readonly ssim: Map<string, Series>;
}

/** Course of a training, kept as columns of numbers: a run of a million steps fits in some tens of megabytes. */
export class History {
  readonly parts = new Map<string, PartHistory>();

  /** Notes that a stage begins; what is known of the part's later steps is dropped. */
  stage({ part = '', from, total }: StageReport): void {
    const history = this.part(part, total);
    history.total = total;
    for (const series of allSeries(history)) cutAfter(series, from);
  }

  step({ part = '', step, loss, learningRate, psnr }: StepOfRun, total: number): void {
    const history = this.part(part, total);
    add(history.rate, step, learningRate);
    add(history.trainingPsnr, step, psnr);
    for (const [name, value] of Object.entries(loss)) add(seriesOf(history.losses, name), step, value);
  }

  validation({ part = '', step, sets }: ValidationReport): void {
    const history = this.part(part, step);
    for (const { set, psnr, ssim } of sets) {
      add(seriesOf(history.psnr, set), step, psnr);
      add(seriesOf(history.ssim, set), step, ssim);
    }
  }

  private part(name: string, total: number): PartHistory {
    const found = this.parts.get(name);
    if (found !== undefined) return found;
    const part: PartHistory = {
      ...{ name, total, losses: new Map(), psnr: new Map(), ssim: new Map() },
      ...{ rate: { steps: [], values: [] }, trainingPsnr: { steps: [], values: [] } },
    };
    this.parts.set(name, part);
    return part;
  }
}

function allSeries({ losses, rate, trainingPsnr, psnr, ssim }: PartHistory): Series[] {
  return [rate, trainingPsnr, ...losses.values(), ...psnr.values(), ...ssim.values()];
}

function seriesOf(table: Map<string, Series>, name: string): Series {
  const found = table.get(name) ?? { steps: [], values: [] };
  table.set(name, found);
  return found;
}

function add({ steps, values }: Series, step: number, value: number): void {
  steps.push(step);
  values.push(value);
}

function cutAfter({ steps, values }: Series, last: number): void {
  const end = steps.findIndex((step) => step > last);
  if (end < 0) return;
  steps.length = end;
  values.length = end;
}
