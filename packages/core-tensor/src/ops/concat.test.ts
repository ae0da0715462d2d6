import { expect, test } from 'vitest';
import { gradients } from '../autodiff/gradients.js';
import { compileHere } from '../engines/onnxruntime/compile.js';
import { buildGraph } from '../graph/graph.js';
import { input } from '../graph/tensor.js';
import { float32 } from '../graph/tensor-data.js';
import { concat } from './concat.js';
import { mul } from './mul.js';
import { sum } from './sum.js';

test('parts whose sizes are known only at run time get their own part of the gradient', async () => {
  const parts = ['a', 'b', 'c'].map((name) => input(name, [`rows of ${name}`, 2]));
  const weights = input('weights', ['all', 2]);
  const found = gradients(sum(mul(concat(parts, 0), weights)), parts);
  const graph = buildGraph(Object.fromEntries(found.map((gradient, i) => [`by${i}`, gradient!])));
  const executable = await compileHere(graph, new Map());
  const rows = (count: number, first: number) =>
    float32(
      Float32Array.from({ length: count * 2 }, (_, i) => first + i),
      [count, 2],
    );
  const feeds = { a: rows(1, 0), b: rows(3, 0), c: rows(2, 0), weights: rows(6, 10) };
  const { by0, by1, by2 } = await executable.run(feeds);
  expect([by0, by1, by2]).toEqual([rows(1, 10), rows(3, 12), rows(2, 18)]);
  await executable.dispose();
});
