import { readFile } from 'node:fs/promises';
import { errorCode } from '@unweather/core-tensor';
import type { InstalledModel } from '@unweather/model';

/** Time of a network on a picture, beside that of a reference network in the same run of the benchmark. */
export interface NetworkSpeed {
  /** Processor seconds for the picture, on one thread. */
  readonly seconds: number;
  /** `seconds`, divided by those of the reference network. */
  readonly ratio: number;
}

/** Times of a paper's networks: the file `speed.json` of its package, which `npx nx run benchmarks:speed` writes. */
export interface SpeedFile {
  /** Network that all papers are compared with. */
  readonly reference: string;
  /** Width and height of the picture. */
  readonly size: readonly [number, number];
  /** Date of the measurement, ISO 8601. */
  readonly date: string;
  readonly cpu: string;
  /** Engine and its version. */
  readonly engine: string;
  readonly networks: Readonly<Record<string, NetworkSpeed>>;
}

/** Name of the file in a paper's package. */
export const SPEED_FILE = 'speed.json';

/** Reads the times of a paper's networks; undefined if none were measured. */
export async function readSpeed({ home }: Pick<InstalledModel, 'home'>): Promise<SpeedFile | undefined> {
  try {
    return JSON.parse(await readFile(new URL(SPEED_FILE, home), 'utf8')) as SpeedFile;
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}
