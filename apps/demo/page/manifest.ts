/** Weights that are served with the page. */
export interface OfferedWeights {
  /** Short name of the paper, as in PAPERS. */
  readonly paper: string;
  /** Tasks they can do, by the paper's names. */
  readonly tasks: readonly string[];
  readonly network: string;
  /** Folder they were found in, to tell similar weights apart. */
  readonly from: string;
  /** Path below the page. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  /** Training data, number of steps, and recipe. */
  readonly trainedOn: string;
}

/** A paper's network for one of its tasks, as the page lists it. */
export interface OfferedModel {
  /** Short name of the paper, as in PAPERS. */
  readonly paper: string;
  readonly task: string;
  /** Title of the task: "Rain streaks". */
  readonly title: string;
  /** Display name of the paper. */
  readonly label: string;
}

/** weights.json: models and weights that the page offers. */
export interface Manifest {
  readonly models: readonly OfferedModel[];
  readonly weights: readonly OfferedWeights[];
}
