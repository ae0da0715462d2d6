import type { DownloadProgress } from '@unweather/weights/find';

/** Callbacks while a model is being opened. */
export interface OpenListener {
  /** Receives a sentence: the weights that are used, the engine that computes. */
  say?(text: string): void;
  /** Receives the progress of a download of weights. */
  download?(progress: DownloadProgress): void;
  /** Called when the download has ended. */
  pause?(): void;
}
