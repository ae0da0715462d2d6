/** What to prepare, from where to where. */
export interface PrepareOptions {
  /** As datasets.json names it. */
  readonly dataset: string;
  /** Folder of the official download; where a split is named, that split's own folder does as well. */
  readonly root: string;
  /** Default: every split that lies below the root. */
  readonly split?: string | undefined;
  /** Official list of names, one a line. */
  readonly list?: string | undefined;
  /** Folder of the meta files. */
  readonly out: string;
  /** How many pairs may be missing. */
  readonly allowPartial: number;
}
