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

/** A paper as the page lists it. */
export interface OfferedPaper {
  /** Short name, as in PAPERS. */
  readonly name: string;
  readonly label: string;
  /** Words for each of its tasks: "Rain streaks". */
  readonly tasks: Readonly<Record<string, string>>;
}

/** weights.json: papers and weights that the page offers. */
export interface Manifest {
  readonly papers: readonly OfferedPaper[];
  readonly weights: readonly OfferedWeights[];
}
