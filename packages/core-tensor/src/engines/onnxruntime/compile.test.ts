import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../graph/graph.js';
import { input, state } from '../../graph/tensor.js';
import { float32 } from '../../graph/tensor-data.js';
import { Conv2d } from '../../nn/conv2d.js';
import { inferenceGraph, initialState } from '../../nn/network.js';
import { add } from '../../ops/add.js';
import { mul } from '../../ops/mul.js';
import { compile, compileHere } from './compile.js';

const scalar = (value: number) => float32(Float32Array.of(value), []);

/** total ← total + x·scale, where the scale is constant state. */
function accumulator() {
  const x = input('x', []);
  const total = state('total', []);
  const next = add(total, mul(x, state('scale', [])));
  return buildGraph({ seen: mul(total, 1) }, new Map([[total, next]]));
}

describe.each([
  ['in a thread of its own', compile],
  ['in this thread', compileHere],
])('%s', (_where, open) => {
  test('state is carried from run to run, and what was given stays as it was', async () => {
    const given = new Map([
      ['total', scalar(1)],
      ['scale', scalar(10)],
    ]);
    const executable = await open(accumulator(), given);
    const seen = [];
    for (const value of [1, 2, 3]) seen.push((await executable.run({ x: scalar(value) })).seen!.data[0]);
    expect(seen).toEqual([1, 11, 31]);
    expect([...(await executable.state())]).toEqual([['total', scalar(61)]]);
    expect(given.get('total')).toEqual(scalar(1));
    await executable.dispose();
  });

  test('a missing input and a wrong shape are named', async () => {
    const executable = await open(
      accumulator(),
      new Map([
        ['total', scalar(0)],
        ['scale', scalar(1)],
      ]),
    );
    await expect(executable.run({})).rejects.toThrow('input "x" is missing; feed a tensor of that name');
    await expect(executable.run({ x: float32(new Float32Array(2), [2]) })).rejects.toThrow(
      'input "x" must have the shape [], got [2]',
    );
    await executable.dispose();
  });

  test('one graph serves any batch and any size, odd ones included', async () => {
    const network = new Conv2d(3, 4, 3, { stride: 2, padding: 1 });
    const executable = await open(inferenceGraph(network), initialState(network.parameters(), 1));
    for (const [n, h, w] of [
      [1, 8, 8],
      [2, 7, 13],
      [3, 16, 5],
    ] as const) {
      const { output } = await executable.run({ input: float32(new Float32Array(n * 3 * h * w), [n, 3, h, w]) });
      expect(output!.shape).toEqual([n, 4, Math.ceil(h / 2), Math.ceil(w / 2)]);
    }
    await executable.dispose();
  });
});

test('the caller’s event loop stays free while a graph runs', async () => {
  const network = new Conv2d(3, 256, 11);
  const executable = await compile(inferenceGraph(network), initialState(network.parameters(), 1), { threads: 1 });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await executable.run({ input: float32(new Float32Array(3 * 300 * 300), [1, 3, 300, 300]) });
  clearInterval(timer);
  await executable.dispose();
  expect(ticks).toBeGreaterThan(3);
});

test('runs asked for at once are done in the order asked', async () => {
  const executable = await compile(
    accumulator(),
    new Map([
      ['total', scalar(0)],
      ['scale', scalar(1)],
    ]),
  );
  const results = await Promise.all([1, 1, 1, 1].map(() => executable.run({ x: scalar(1) })));
  expect(results.map((result) => result.seen!.data[0])).toEqual([0, 1, 2, 3]);
  await executable.dispose();
});

test('a disposed executable refuses to run', async () => {
  const executable = await compile(
    accumulator(),
    new Map([
      ['total', scalar(0)],
      ['scale', scalar(1)],
    ]),
  );
  await executable.dispose();
  await expect(executable.run({ x: scalar(1) })).rejects.toThrow('the thread that runs the network has ended');
});
