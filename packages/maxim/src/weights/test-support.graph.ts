import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A constant of a small graph model. */
interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const SCOPE = 'StatefulPartitionedCall/jax2tf_apply_/Wrapper/backbone';

/**
 * A graph like those of the npm packages, of one layer of each kind: constants under names that say nothing, read by
 * nodes whose names carry the path of a Flax module. Values count up from 0 in each constant.
 */
export class SmallGraph {
  readonly nodes: Record<string, unknown>[] = [{ name: 'x', op: 'Placeholder' }];
  readonly constants: Constant[] = [];

  constructor() {
    this.reads('Conv2D', 'stage_0_input_conv_0/Conv2D', [3, 3, 3, 2]);
    this.reads('AddV2', 'stage_0_input_conv_0/jit_fn_/AddV2', [1, 1, 1, 2]);
    this.reads('Conv2DBackpropInput', 'decoder/ConvTranspose_0/conv2d_transpose', [2, 2, 3, 4]);
    this.dense('block/in_project/einsum/Einsum', 'abcg,gf->abcf', [2, 4]);
    this.norm('block/LayerNorm', 1e-6);
  }

  /** Adds a node that reads a new constant. @returns the constant's name */
  reads(op: string, node: string, shape: readonly number[], attributes: object = {}): string {
    const name = `StatefulPartitionedCall/Const_${this.constants.length}`;
    const count = shape.reduce((a, b) => a * b, 1);
    this.constants.push({ name, shape, values: Array.from({ length: count }, (_, i) => i) });
    this.nodes.push({ name: `${SCOPE}/${node}`, op, input: ['x', name], attr: attributes });
    return name;
  }

  dense(node: string, equation: string, shape: readonly number[]): void {
    this.reads('Einsum', node, shape, { equation: { s: Buffer.from(equation).toString('base64') } });
  }

  norm(path: string, epsilon: number): void {
    const constant = { name: `Epsilon_${path}`, shape: [], values: [epsilon] };
    this.constants.push(constant);
    this.nodes.push({ name: `${SCOPE}/${path}/jit_fn_/AddV2`, op: 'AddV2', input: ['x', constant.name] });
    this.nodes.push({ name: `${SCOPE}/${path}/Rsqrt`, op: 'Rsqrt', input: [`${SCOPE}/${path}/jit_fn_/AddV2`] });
    this.reads('Mul', `${path}/jit_fn_/Mul_4`, [1, 1, 1, 2]);
    this.reads('AddV2', `${path}/jit_fn_/AddV2_1`, [1, 1, 1, 2]);
  }

  /** Writes model.json and a file of weights. @returns the path of model.json */
  async written(folder: string): Promise<string> {
    await mkdir(folder, { recursive: true });
    const weights = this.constants.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
    const numbers = Float32Array.from(this.constants.flatMap(({ values }) => values));
    await writeFile(join(folder, 'group1-shard1of1.bin'), new Uint8Array(numbers.buffer));
    const model = {
      format: 'graph-model',
      modelTopology: { node: this.nodes },
      weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights }],
    };
    await writeFile(join(folder, 'model.json'), JSON.stringify(model));
    return join(folder, 'model.json');
  }
}
