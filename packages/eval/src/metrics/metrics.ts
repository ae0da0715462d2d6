import type { Picture } from '@unweather/core-tensor';

export interface Metric {
  readonly name: string;
  readonly description: string;
  readonly better: 'higher' | 'lower';
  readonly decimals: number;
  readonly noReference: boolean;
  measure(restored: Picture, truth: Picture): number;
}

export const METRICS: Readonly<Record<string, Metric>> = {};
