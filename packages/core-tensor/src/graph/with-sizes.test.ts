import { expect, test } from 'vitest';
import { openBySize } from '../engines/by-size.js';
import { compileHere } from '../engines/onnxruntime/compile.js';
import { inferenceGraph, initialState } from '../nn/network.js';
import { expectNear } from '../test-support.expect.js';
import { EveryOperation, testPicture } from '../test-support.network.js';
import type { Graph } from './graph.js';
import { ShapeError } from './node.js';
import { float32 } from './tensor-data.js';
import { withSizes } from './with-sizes.js';

const network = new EveryOperation();
const graph = inferenceGraph(network);
const state = initialState(network.parameters(), 1);
const picture = (n: number, height: number, width: number) =>
  float32(testPicture(n, height, width), [n, 3, height, width]);

test('a graph for known sizes has no symbolic shape, keeps the paths, and gives the same', async () => {
  const sized = withSizes(graph, { input: [2, 3, 9, 13] });
  const shapes = sized.nodes.flatMap(({ outputs }) => outputs.map(({ shape }) => shape));
  expect(shapes.flat().filter((size) => typeof size === 'string')).toEqual([]);
  expect(sized.nodes.map(({ path }) => path)).toEqual(graph.nodes.map(({ path }) => path));
  const input = picture(2, 9, 13);
  const results = [];
  for (const one of [graph, sized]) {
    const executable = await compileHere(one, state, { threads: 1 });
    results.push((await executable.run({ input })).output!);
    await executable.dispose();
  }
  expectNear(results[1]!, results[0]!, 1e-5);
});

test('sizes that a shape rule rejects are refused', () => {
  expect(() => withSizes(graph, { input: [1, 4, 9, 13] })).toThrow(ShapeError);
});

test('a large graph is opened for the sizes of its inputs, once for each change of sizes', async () => {
  // Nodes that nothing needs make a graph large without changing what it computes.
  const large: Graph = { ...graph, nodes: [...graph.nodes, ...Array(2000).fill(graph.nodes.at(-1)!)] };
  let opened = 0;
  const open = (one: Graph) => {
    opened++;
    return compileHere(one, state, { threads: 1 });
  };
  const executable = await openBySize(large, open);
  expect(opened).toBe(0);
  const [small, other] = [picture(1, 8, 8), picture(1, 10, 8)];
  const [first, second, third, fourth] = await Promise.all(
    [small, small, other, small].map(async (input) => (await executable.run({ input })).output!),
  );
  expect(opened).toBe(3);
  expect([first, second, third, fourth].map((output) => output!.shape[2])).toEqual([8, 8, 10, 8]);
  expect(fourth!.data).toEqual(first!.data);
  await executable.dispose();
  opened = 0;
  await (await openBySize(graph, open)).dispose();
  expect(opened).toBe(1);
});
