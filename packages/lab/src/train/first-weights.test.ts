import {
  abs,
  BatchNorm2d,
  Conv2d,
  initialState,
  type Loss,
  Module,
  mean,
  sub,
  type Tensor,
  trainingStep,
} from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import type { Recipe } from '../recipe.js';
import { studyOf } from '../study.js';
import { firstWeights } from './first-weights.js';

class Branch extends Module {
  readonly norm = new BatchNorm2d(3);
  readonly conv = new Conv2d(3, 3, 3, { padding: 1 });

  protected forward(x: Tensor): Tensor {
    return this.norm.apply(this.conv.apply(x));
  }
}

class Branches extends Module {
  readonly first = new Branch();
  readonly second = new Branch();
  readonly last = new Conv2d(3, 3, 1);

  protected forward(x: Tensor): Tensor {
    return this.last.apply(this.second.apply(this.first.apply(x)));
  }
}

const nowhere = new URL('file:///nowhere/');
const paper = studyOf(
  {
    name: 'paper',
    title: 'A paper',
    networks: { Branches: { create: () => new Branches() } },
    tasks: {},
    home: nowhere,
  },
  {
    networks: { Branches: { losses: {}, gradientNoise: 0, gradientShare: 0, stepsNoise: 0 } },
    ...{ tasks: {}, protocols: nowhere, published: nowhere, goldens: nowhere },
  },
);

test.each([
  ['a layer', 'last', ['last.weight', 'last.bias']],
  ['a list', ['last', 'first.conv'], ['first.conv.weight', 'first.conv.bias', 'last.weight', 'last.bias']],
  // Running statistics are not trained and stay unchanged.
  ['a pattern', '*.norm', ['first.norm.weight', 'first.norm.bias', 'second.norm.weight', 'second.norm.bias']],
])('the layers of startAtZero start at zero, all others as the seed says: %s', async (_, startAtZero, zero) => {
  const recipe: Recipe = {
    ...{ name: 'x', note: '', crop: 8, batch: 1, duration: { steps: 1 }, optimiser: 'adam', learningRate: 1 },
    ...{ schedule: { kind: 'constant' }, flip: false, order: 'shuffled', visit: 'pair', loss: 'l1', seed: 3 },
    ...{ saveEvery: 1, needsData: false, startAtZero },
  };
  const network = new Branches();
  const l1: Loss = (output, target) => ({ total: mean(abs(sub(output, target))) });
  const step = trainingStep(network, l1, { channels: 3, height: 8, width: 8 });
  const { weights } = await firstWeights(paper, 'Branches', step, recipe);
  const usual = initialState(network.parameters(), 3);
  expect([...weights.keys()]).toEqual([...usual.keys()]);
  const changed = [...weights].filter(
    ([name, { data }]) => !data.every((value, i) => value === usual.get(name)!.data[i]),
  );
  const nonzero = zero.filter((name) => usual.get(name)!.data.some((value) => Number(value) !== 0));
  expect(changed.map(([name]) => name).sort()).toEqual(nonzero.sort());
  for (const name of zero)
    expect(
      weights.get(name)!.data.every((value) => Number(value) === 0),
      name,
    ).toBe(true);
});
