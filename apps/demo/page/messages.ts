/** What the worker is asked: to restore a picture. */
export interface Job {
  readonly picture: Blob;
  readonly paper: string;
  readonly task: string;
  /** A file of the user's, or where the app's own lie and what they must be. */
  readonly weights: File | { readonly url: string; readonly sha256: string };
}

/** What it answers, in this order. */
export type Report =
  | { readonly kind: 'opened'; readonly network: string; readonly engine: string; readonly threads: number }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'restored';
      readonly data: Uint8ClampedArray<ArrayBuffer>;
      readonly width: number;
      readonly height: number;
      readonly seconds: number;
    }
  | { readonly kind: 'failed'; readonly message: string };
