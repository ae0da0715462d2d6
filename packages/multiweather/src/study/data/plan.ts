import { Random } from '@unweather/core-tensor';
import type { Plan, Visit } from '@unweather/datasets';
import type { Weather } from './weathers.js';

export interface PlanOptions {
  readonly weathers: readonly Weather[];
  readonly batch: number;
  readonly draw: 'uniform' | 'balanced';
  readonly batchesPerEpoch: number | null;
  readonly seed: number;
}

/** Plan of batches that hold every weather, with the number of pictures of each. */
export interface MixedPlan extends Plan {
  counts(step: number): number[];
}

/**
 * Plans batches as the official loader collates them: every item draws a weather, then a pair with replacement; items
 * are sorted by weather; a batch that lacks a weather is left out. An epoch has as many batches as the smallest list
 * fills, less those left out in it.
 */
export function mixedPlan(options: PlanOptions): MixedPlan {
  const { weathers, batch, seed } = options;
  const least = Math.min(...weathers.map(({ pairs }) => pairs.length));
  const perEpoch = options.batchesPerEpoch ?? Math.max(1, Math.floor(least / batch));
  const kept: { round: number; labels: number[] }[] = [];
  let round = 0;
  const draw = (at: number) => {
    const random = Random.named('weathers', seed, at);
    const labels = Array.from({ length: batch }, (_, i) =>
      options.draw === 'balanced' ? i % weathers.length : random.integer(weathers.length),
    );
    return labels.sort((a, b) => a - b);
  };
  const batchOf = (step: number) => {
    while (kept.length <= step) {
      const labels = draw(round);
      if (weathers.every((_, label) => labels.includes(label))) kept.push({ round, labels });
      round++;
    }
    return kept[step]!;
  };
  return {
    stepsPerEpoch: perEpoch,
    counts: (step) => weathers.map((_, label) => batchOf(step).labels.filter((one) => one === label).length),
    instead(visits, index, attempt) {
      const { source, stream } = visits[index]!;
      const { pairs } = weathers.find((weather) => weather.pairs.includes(source))!;
      const other = pairs[Random.named(stream, 'instead', attempt).integer(pairs.length)]!;
      return visits.map((visit, i) => (i === index ? { source: other, stream } : visit));
    },
    visits(step): Visit[] {
      const { round: at, labels } = batchOf(step);
      return labels.map((label, place) => {
        const stream = `mixed:${seed}:${at}:${place}`;
        const { pairs } = weathers[label]!;
        return { source: pairs[Random.named(stream, 'pair').integer(pairs.length)]!, stream };
      });
    },
  };
}
