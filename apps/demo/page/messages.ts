import type { PictureMetadata } from '@unweather/model/browser';

/** Request to the worker: restore a picture. */
export interface Job {
  readonly picture: Blob;
  readonly paper: string;
  readonly task: string;
  /** File of the user, or address and hash of the app's own weights. */
  readonly weights: File | { readonly url: string; readonly sha256: string };
}

/** Answers of the worker, in this order. */
export type Report =
  | { readonly kind: 'opened'; readonly network: string; readonly engine: string; readonly threads: number }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'restored';
      readonly data: Uint8ClampedArray<ArrayBuffer>;
      readonly width: number;
      readonly height: number;
      readonly seconds: number;
      /** Metadata of the photograph's file, if it has any. */
      readonly metadata: PictureMetadata | undefined;
      /** Frames of an animation, of which the first was restored. */
      readonly frames: number;
    }
  | { readonly kind: 'failed'; readonly message: string };
