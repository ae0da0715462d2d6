/** Options for preparing a dataset. */
export interface PrepareOptions {
  /** Name of the dataset in datasets.json. */
  readonly dataset: string;
  /** Folder of the official download; if a split is named, that split's own folder works as well. */
  readonly root: string;
  /** Split to prepare; default: every split found below the root. */
  readonly split?: string | undefined;
  /** Official list of names, one per line. */
  readonly list?: string | undefined;
  /** Folder for the meta files. */
  readonly out: string;
  /** Number of pairs that may be missing. */
  readonly allowPartial: number;
}
