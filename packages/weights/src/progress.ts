import { canRewrite } from '@unweather/core-tensor/command-line';
import { Presets, SingleBar } from 'cli-progress';
import type { DownloadProgress } from './cache/request.js';

const LINE_EVERY_MS = 10_000;

/** Formats megabytes with one decimal: "44.8 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Formats progress: "12.0 of 44.8 MB". */
export function progressText({ done, total }: DownloadProgress): string {
  return total === undefined ? megabytes(done) : `${(done / 1e6).toFixed(1)} of ${megabytes(total)}`;
}

/** Shows a download: a bar on a terminal, a line every ten seconds elsewhere. */
export function showDownload(out: NodeJS.WriteStream): { show(progress: DownloadProgress): void; stop(): void } {
  let bar: SingleBar | undefined;
  let last = performance.now();
  return {
    show(progress) {
      if (canRewrite(out)) {
        const { done, total = 0 } = progress;
        if (bar === undefined) {
          bar = new SingleBar({ stream: out, format: '{bar} {text}', clearOnComplete: true }, Presets.shades_classic);
          bar.start(total, 0, { text: '' });
        }
        bar.update(done, { text: progressText(progress) });
      } else if (performance.now() - last >= LINE_EVERY_MS) {
        last = performance.now();
        out.write(`${progressText(progress)}\n`);
      }
    },
    stop: () => bar?.stop(),
  };
}
