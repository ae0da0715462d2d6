import type { Gate } from '@unweather/eval';

/** Gates of one set. */
export interface GatedSet {
  readonly set: string;
  readonly pictures: number;
  readonly gates: readonly Gate[];
}
