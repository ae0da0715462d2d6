import { expect, test } from 'vitest';
import { compileHere } from '../engines/onnxruntime/compile.js';
import type { Tensor } from '../graph/tensor.js';
import { float32 } from '../graph/tensor-data.js';
import { BatchNorm2d } from '../nn/batch-norm2d.js';
import { Module } from '../nn/module.js';
import { initialState } from '../nn/network.js';
import { Random } from '../support/random.js';
import { withPopulationStatistics } from './population-statistics.js';

class Twice extends Module {
  readonly first: BatchNorm2d;
  readonly second = new BatchNorm2d(3);

  constructor(momentum?: number) {
    super();
    this.first = new BatchNorm2d(3, momentum === undefined ? {} : { momentum });
  }

  protected forward(x: Tensor): Tensor {
    return this.second.apply(this.first.apply(x));
  }
}

const SIZE = { height: 5, width: 4 };

function batchesOf(count: number): Float32Array[] {
  const random = new Random(3);
  return Array.from({ length: count }, (_, i) =>
    Float32Array.from({ length: 2 * 3 * 20 }, () => (i + 1) * random.between(-1, 3)),
  );
}

async function* given(batches: readonly Float32Array[]) {
  for (const input of batches) yield { input, size: 2 };
}

/** Mean and unbiased variance of a channel over a batch of two. */
function statisticsOf(batch: Float32Array, channel: number): [mean: number, variance: number] {
  const values = [...batch].filter((_, i) => Math.floor(i / 20) % 3 === channel);
  const mean = values.reduce((a, b) => a + b) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)];
}

test.each([undefined, 0.3])(
  'running statistics become means over the batches, whatever the momentum (%s)',
  async (momentum) => {
    const network = new Twice(momentum);
    const weights = initialState(network.parameters(), 1).set('optimizer.step', float32(new Float32Array(1), [1]));
    const batches = batchesOf(4);
    const renewed = await withPopulationStatistics(network, weights, given(batches), SIZE, compileHere);
    for (let channel = 0; channel < 3; channel++) {
      const all = batches.map((batch) => statisticsOf(batch, channel));
      const mean = (at: 0 | 1) => all.reduce((sum, one) => sum + one[at], 0) / all.length;
      expect(renewed.get('first.running_mean')!.data[channel]).toBeCloseTo(mean(0), 3);
      expect(Number(renewed.get('first.running_var')!.data[channel]) / mean(1)).toBeCloseTo(1, 4);
      // The input of the second layer is normalised by each batch's own statistics.
      expect(renewed.get('second.running_mean')!.data[channel]).toBeCloseTo(0, 4);
      expect(renewed.get('second.running_var')!.data[channel]).toBeCloseTo(40 / 39, 3);
    }
    const others = [...weights.keys()].filter((name) => !/running_(mean|var)$/.test(name));
    for (const name of others) expect(renewed.get(name), name).toBe(weights.get(name));
    expect([...renewed.keys()]).toEqual([...weights.keys()]);
  },
);
