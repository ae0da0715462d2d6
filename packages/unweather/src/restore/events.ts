import type { TileProgress } from '@unweather/core-tensor';

/** How far a run is: pictures that are done, in whatever way, and all of them. */
export interface Count {
  readonly done: number;
  readonly total: number;
}

/** What happens while pictures are restored; with `--log jsonl` each is a line. */
export type RestoreEvent =
  | {
      readonly event: 'download';
      /** Bytes of the weights, those of an earlier run included. */
      readonly done: number;
      /** Of the whole file, where the server says it. */
      readonly total?: number;
    }
  | {
      readonly event: 'start';
      /** Pictures that are to be restored, without those that are skipped. */
      readonly pictures: number;
      /** "durn:rain". */
      readonly model: string;
      readonly network: string;
      readonly weights: string;
      /** "onnxruntime-node cpu". */
      readonly engine: string;
      /** Threads of one operation on the CPU. */
      readonly threads: number;
      /** Models that would have done, where `--model` named a weather. */
      readonly others: readonly string[];
    }
  | ({ readonly event: 'tiles'; readonly input: string } & TileProgress)
  | ({
      readonly event: 'restored';
      readonly input: string;
      readonly output: string;
      readonly width: number;
      readonly height: number;
      /** That it was taken apart in; 1: it was restored whole. */
      readonly tiles: number;
      /** From reading to written, with the time in which others had their turn. */
      readonly seconds: number;
    } & Count)
  | ({ readonly event: 'skipped'; readonly input: string; readonly output: string } & Count)
  | ({ readonly event: 'failed'; readonly input: string; readonly output: string; readonly error: string } & Count)
  | {
      readonly event: 'end';
      readonly restored: number;
      readonly skipped: number;
      readonly failed: number;
      /** Of the restored ones, those taken apart in tiles though the network looks at the whole picture. */
      readonly apart: number;
      readonly interrupted: boolean;
      readonly seconds: number;
    };

/** Where a run tells what happens. */
export type Listener = (event: RestoreEvent) => void;
