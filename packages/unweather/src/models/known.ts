import { PAPER_LIST, type PaperName, WEATHERS, type Weather } from '../papers.js';

/** A paper's network for one of its tasks. */
export interface KnownModel {
  /** "durn:rain": what `--model` takes. */
  readonly name: string;
  readonly paper: PaperName;
  /** Name of one of the paper's tasks. */
  readonly task: string;
  readonly removes: Weather;
}

/** Every model, without loading a paper, weather by weather; the first with weights is a weather's default. */
export const MODELS: readonly KnownModel[] = WEATHERS.flatMap((removes) =>
  PAPER_LIST.flatMap(([paper, { tasks }]) =>
    Object.entries(tasks)
      .filter(([, weather]) => weather === removes)
      .map(([task]) => ({ name: `${paper}:${task}`, paper, task, removes })),
  ),
);
