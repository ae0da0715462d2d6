import type { Executable, Optimiser, State, StepShape, TrainingBatch } from '@unweather/core-tensor';

/** Consecutive steps of a run that share their graphs. */
export interface Stage {
  /** Steps done at the end of the stage, counted from the start of the run. */
  readonly to: number;
  /** Name of the stage in reports, where a run has several: "collation". */
  readonly name?: string;
  /** Sentence that announces the stage. */
  readonly title?: string;
  /** Learning rate of a batch. */
  learningRate(batch: TrainingBatch): number;
  /**
   * Opens the graphs and the loader of the batches.
   * @param state of the run at the first step
   * @param rateShare factor of all learning rates but that of `learningRate`, to which the run applies it
   */
  open(state: State, rateShare: number): Promise<OpenStage>;
}

/** A stage in progress; close it after use. */
export interface OpenStage {
  /** Runs one update per call. Its state may hold more than the run's, such as frozen networks. */
  readonly executable: Executable;
  /** Size of the patches. */
  readonly shape: StepShape;
  readonly optimiser: Optimiser;
  /**
   * Batches from a step on; each step's batch is the same whichever step a run starts from.
   * @param skips steps (1 for the first) whose batches will update nothing
   */
  batches(fromStep: number, skips: ReadonlySet<number>): AsyncIterable<TrainingBatch>;
  /** Ends the loader and the graphs. */
  close(): Promise<void>;
}

/** Registers how to close something that a stage has opened; returns it. */
type Keep = <Part>(part: Part, close: (part: Part) => Promise<void>) => Part;

/** Opens the parts of a stage. They are closed together, last first, or if a later part cannot be opened. */
export async function openParts(open: (keep: Keep) => Promise<Omit<OpenStage, 'close'>>): Promise<OpenStage> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const opened = await open((part, closePart) => {
      closers.push(() => closePart(part));
      return part;
    });
    return { ...opened, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Progress of a run. */
export interface Position {
  /** Steps done. */
  readonly done: number;
  /** Weights and moments, in the order of the checkpoint. */
  readonly state: State;
  /** Share of the learning rates that is left after a run went back with a lower one; default 1. */
  readonly rateShare?: number | undefined;
}
