/** Weights that are served with the page. */
export interface OfferedWeights {
  /** Short name of the paper, as in PAPERS. */
  readonly paper: string;
  /** What they may be asked to remove, by the paper's names. */
  readonly tasks: readonly string[];
  readonly network: string;
  /** Folder that they were found in, to tell apart what is alike. */
  readonly from: string;
  /** Path below the page. */
  readonly file: string;
  readonly bytes: number;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
  /** On what, for how long, by which recipe. */
  readonly trainedOn: string;
}

/** A paper's network for one of its tasks, as the page lists it. */
export interface OfferedModel {
  /** Short name of the paper, as in PAPERS. */
  readonly paper: string;
  readonly task: string;
  /** Words for the task: "Rain streaks". */
  readonly title: string;
  /** Name of the paper for people. */
  readonly label: string;
}

/** weights.json: models and weights that the page offers. */
export interface Manifest {
  readonly models: readonly OfferedModel[];
  readonly weights: readonly OfferedWeights[];
}
