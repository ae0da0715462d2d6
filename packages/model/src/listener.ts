import type { DownloadProgress } from '@unweather/weights/find';

/** Hears about a model that is being opened. */
export interface OpenListener {
  /** A sentence: which weights are taken, what computes. */
  say?(text: string): void;
  /** How much of the weights has come. */
  download?(progress: DownloadProgress): void;
  /** The download has ended. */
  pause?(): void;
}
