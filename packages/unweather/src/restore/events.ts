import type { LeftOut, TileProgress } from '@unweather/core-tensor';

/** Progress of a run: pictures done, whether restored, skipped or failed, and all pictures. */
export interface Count {
  readonly done: number;
  readonly total: number;
}

/** Event while pictures are restored; `--log jsonl` prints one per line. */
export type RestoreEvent =
  | {
      readonly event: 'ignored';
      /** Files of folders and patterns that are no pictures. */
      readonly count: number;
      /** The first ten of them. */
      readonly files: readonly LeftOut[];
    }
  | {
      readonly event: 'download';
      /** Bytes of the weights so far, including those of an earlier run. */
      readonly done: number;
      /** Bytes of the whole file, if the server reports them. */
      readonly total?: number;
    }
  | {
      readonly event: 'start';
      /** Pictures to restore, without skipped ones. */
      readonly pictures: number;
      /** "durn:rain". */
      readonly model: string;
      readonly network: string;
      readonly weights: string;
      /** "onnxruntime-node cpu". */
      readonly engine: string;
      /** Threads of one operation on the CPU. */
      readonly threads: number;
      /** Other models that could have been used, if `--model` named a weather. */
      readonly others: readonly string[];
    }
  | ({ readonly event: 'tiles'; readonly input: string } & TileProgress)
  | ({
      readonly event: 'restored';
      readonly input: string;
      readonly output: string;
      readonly width: number;
      readonly height: number;
      /** Frames of an animation, or pages. */
      readonly frames: number;
      /** Bits per channel of the output. */
      readonly depth: 8 | 16;
      /** Tiles that the picture was split into; 1: it was restored whole. */
      readonly tiles: number;
      /** Time from reading to written, including the time spent on other pictures. */
      readonly seconds: number;
    } & Count)
  | ({ readonly event: 'skipped'; readonly input: string; readonly output: string } & Count)
  | ({ readonly event: 'failed'; readonly input: string; readonly output: string; readonly error: string } & Count)
  | {
      readonly event: 'end';
      readonly restored: number;
      readonly skipped: number;
      readonly failed: number;
      /** Restored pictures that were split into tiles, though the network's receptive field is the whole picture. */
      readonly apart: number;
      /** Restored pictures whose 16 bits became 8, since the format of the output holds no more. */
      readonly shallow: number;
      readonly interrupted: boolean;
      readonly seconds: number;
    };

/** Receives the events of a run. */
export type Listener = (event: RestoreEvent) => void;
