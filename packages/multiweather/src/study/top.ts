import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

interface Kept {
  readonly psnr: number;
  readonly file: string;
}

/**
 * Best checkpoints of a run by PSNR, as files named by epoch and scores. A new one is kept while there are fewer than
 * the limit, or if it is no worse than the worst.
 */
export class Top {
  private kept: Kept[] = [];

  constructor(
    private readonly folder: string,
    private readonly limit = 3,
  ) {}

  /** @param write writes a checkpoint to a path. @returns the path, or undefined if the state was not good enough */
  async offer(
    epoch: number,
    { psnr, ssim }: { psnr: number; ssim: number },
    write: (path: string) => Promise<void>,
  ): Promise<string | undefined> {
    const worst = this.kept.reduce((a, b) => (a.psnr <= b.psnr ? a : b), { psnr: -Infinity, file: '' });
    const full = this.kept.length >= this.limit;
    if (full && psnr < worst.psnr) return undefined;
    const file = join(this.folder, `epoch_${epoch}_psnr${psnr.toFixed(3)}_ssim${ssim.toFixed(3)}.safetensors`);
    await write(`${file}.new`);
    await rename(`${file}.new`, file);
    if (full) {
      await rm(worst.file, { force: true });
      this.kept = this.kept.filter((one) => one !== worst);
    }
    this.kept.push({ psnr, file });
    return file;
  }
}
