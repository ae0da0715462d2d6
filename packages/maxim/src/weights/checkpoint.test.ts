import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { elements, Parameter } from '@unweather/core-tensor';
import { temporaryFolder } from '@unweather/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { isForeign, readForeign } from './checkpoint.js';
import { SmallGraph } from './test-support.graph.js';
import { npz } from './test-support.npz.js';

/** Parameters of the small graph, and of the convolution of a smaller output. */
const SHAPES = {
  'stage_0_input_conv_0.kernel': [3, 3, 3, 2],
  'stage_0_input_conv_0.bias': [2],
  'decoder.ConvTranspose_0.kernel': [2, 2, 4, 3],
  'block.in_project.kernel': [2, 4],
  'block.LayerNorm.scale': [2],
  'block.LayerNorm.bias': [2],
  'stage_1_output_conv_1.bias': [3],
};
const parameters = new Map(
  Object.entries(SHAPES).map(([name, shape]) => [name, new Parameter(shape, (count) => new Float32Array(count))]),
);
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

const read = (path: string) => readForeign(path, 'MAXIM-2S', parameters);

test('official archives and graph models are known by their first bytes', async () => {
  const written = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const ours = [
    await new SmallGraph().written(folder),
    await written('rain', npz({ a: { shape: [1], values: [1] } })),
    await written('old.json', '{"modelTopology": {"node": []}}'),
  ];
  expect(await Promise.all(ours.map(isForeign))).toEqual([true, true, true]);
  const others = [
    await written('model.safetensors.index.json', '{"metadata": {}, "weight_map": {"a": "b"}}'),
    await written('rain.npz', '<html>'),
    join(folder, 'missing.npz'),
  ];
  expect(await Promise.all(others.map(isForeign))).toEqual([false, false, false]);
});

test('constants get the names of the parameters by the nodes that read them, in Flax’s layouts', async () => {
  const { weights, skipped } = await read(await new SmallGraph().written(folder));
  expect([...weights].map(([name, { shape }]) => [name, shape])).toEqual(Object.entries(SHAPES));
  expect([...weights.get('block.in_project.kernel')!.data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  // [h, w, out 3, in 4] turned by 180° to [h, w, in 4, out 3]: the last position comes first.
  const last = Array.from({ length: 12 }, (_, i) => 36 + i);
  const firstOfOurs = [0, 1, 2, 3].flatMap((into) => [0, 1, 2].map((out) => last[out * 4 + into]));
  expect([...weights.get('decoder.ConvTranspose_0.kernel')!.data].slice(0, 12)).toEqual(firstOfOurs);
  // A graph of the last picture lacks what makes the smaller ones.
  expect([...weights.get('stage_1_output_conv_1.bias')!.data]).toEqual([0, 0, 0]);
  expect(skipped).toBe(0);
});

describe('graphs that are not MAXIM’s are refused, naming what does not fit', () => {
  const faults: [string, (graph: SmallGraph) => unknown, RegExp][] = [
    [
      'a parameter too many',
      (graph) => graph.reads('AddV2', 'other/jit_fn_/AddV2', [3]),
      /tensor "other\.bias" does not belong to this network, .+; use a checkpoint of MAXIM-2S/,
    ],
    [
      'a missing parameter',
      (graph) => {
        graph.nodes.splice(1, 1);
        graph.constants.splice(0, 1);
      },
      /tensor "stage_0_input_conv_0\.kernel" is missing/,
    ],
    [
      'another shape',
      (graph) => Object.assign(graph.constants[0]!, { shape: [3, 3, 1, 6] }),
      /"stage_0_input_conv_0\.kernel" is float32 \[3,3,1,6\], expected float32 \[3,3,3,2\]/,
    ],
    [
      'two of one name',
      (graph) => graph.reads('AddV2', 'block/LayerNorm/jit_fn_/AddV2_7', [2]),
      /two constants belong to "block\.LayerNorm\.bias", the second is/,
    ],
    [
      'a constant with two readers',
      (graph) => graph.nodes.push({ name: 'y', op: 'Add', input: ['x', graph.constants[0]!.name] }),
      /is read by 2 nodes, expected 1/,
    ],
    ['a constant that nothing reads', (graph) => graph.nodes.pop(), /Const_\d+" is read by 0 nodes, expected 1/],
    [
      'another operation',
      (graph) => graph.reads('Pow', 'block/Pow', [2]),
      /constant "StatefulPartitionedCall\/Const_\d+" \[2\] belongs to no parameter: it is read by ".*backbone\/block\/Pow" \(Pow\)/,
    ],
    [
      'a product that is no dense layer',
      (graph) => graph.dense('more/einsum/Einsum', 'abcg,fg->abcf', [4, 4]),
      /".*more\/einsum\/Einsum" is not a dense layer/,
    ],
    [
      'a bias of two axes',
      (graph) => graph.reads('AddV2', 'more/jit_fn_/AddV2', [2, 2]),
      /\(AddV2\) takes no bias of that shape/,
    ],
    [
      'another epsilon, as where files are exchanged',
      (graph) => graph.norm('more/LayerNorm', 0.25),
      /node ".*more\/LayerNorm\/Rsqrt" has epsilon 0\.25, expected 1e-6; files of weights may be exchanged/,
    ],
  ];
  test.each(faults)('%s', async (_what, change, message) => {
    const graph = new SmallGraph();
    change(graph);
    await expect(read(await graph.written(folder))).rejects.toThrow(
      expect.objectContaining({ name: 'UserError', message: expect.stringMatching(message) }),
    );
  });
});

describe('official archives', () => {
  const arrays = (prefix: string) =>
    Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => [
        `${prefix}${name.replaceAll('.', '/')}`,
        { shape, values: Array.from({ length: elements(shape) }, (_, i) => i) },
      ]),
    );
  const written = async (content: Parameters<typeof npz>[0]) => {
    await writeFile(join(folder, 'rain.npz'), npz(content));
    return join(folder, 'rain.npz');
  };

  test('parameters are read by their paths, the optimiser’s state is counted', async () => {
    const state = { 'opt/state/step': { shape: [], values: [7] } };
    const { weights, skipped } = await read(await written({ ...arrays('opt/target/'), ...state }));
    expect([...weights].map(([name, { shape }]) => [name, shape])).toEqual(Object.entries(SHAPES));
    expect([...weights.get('stage_1_output_conv_1.bias')!.data]).toEqual([0, 1, 2]);
    expect(skipped).toBe(1);
    expect((await read(await written(arrays('')))).weights).toEqual(weights);
  });

  test('what is missing or left over is told', async () => {
    const { 'opt/target/stage_1_output_conv_1/bias': _, ...fewer } = arrays('opt/target/');
    await expect(read(await written(fewer))).rejects.toThrow(
      /rain\.npz: tensor "stage_1_output_conv_1\.bias" is missing; .+; use a checkpoint of MAXIM-2S/,
    );
    const more = { ...arrays('opt/target/'), 'opt/target/other/bias': { shape: [1], values: [1] } };
    await expect(read(await written(more))).rejects.toThrow(/tensor "other\.bias" does not belong to this network/);
  });
});
