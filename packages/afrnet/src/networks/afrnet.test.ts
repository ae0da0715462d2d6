import {
  add,
  Conv2d,
  ConvTranspose2d,
  compileHere,
  goldenPicture,
  inferenceGraph,
  initialState,
  Module,
  relu,
  type Tensor,
} from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { AFRNet } from './afrnet.js';
import { asIdentity } from './as-identity.js';
import { AfrModule } from './refinement.js';
import { SIZES } from './sizes.js';

const sizeOf = (module: Module) =>
  [...module.parameters().values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);

test('separable refinement has the numbers that the paper’s text implies', () => {
  expect(sizeOf(new AFRNet())).toBe(14_389_344);
  expect(sizeOf(new AFRNet()) - sizeOf(new AFRNet({ refinement: 'separable' }))).toBe(7_077_888 - 868_512);
  expect(sizeOf(new AFRNet({ width: 16 }))).toBe(3_604_528);
});

test.each(Object.keys(SIZES) as (keyof typeof SIZES)[])('%s can start as the identity', async (name) => {
  const network = new AFRNet(SIZES[name]);
  const executable = await compileHere(inferenceGraph(network), asIdentity(initialState(network.parameters(), 1)));
  const input = goldenPicture('input', 'identity', [1, 3, 32, 48]);
  const { output } = await executable.run({ input });
  await executable.dispose();
  for (const [i, value] of (output!.data as Float32Array).entries())
    expect(value).toBeCloseTo(Number(input.data[i]), 5);
});

/** A U-Net of two layers a level, with an AFR module between its encoder and its decoder. */
class SmallUNet extends Module {
  readonly down = [conv(3, 8, 1), conv(8, 16, 2), conv(16, 16, 2), conv(16, 32, 2)];
  readonly mask = conv(8, 1, 1);
  readonly afr = new AfrModule([8, 16, 16, 32], { kind: 'separable' });
  readonly up = [
    [32, 16],
    [16, 16],
    [16, 8],
  ].map(
    ([from, to]) =>
      new ConvTranspose2d(from!, to!, 3, { stride: 2, padding: { top: 0, left: 0, bottom: 1, right: 1 } }),
  );
  readonly last = conv(8, 3, 1);

  protected forward(x: Tensor): Tensor {
    const e0 = relu(this.down[0]!.apply(x));
    const e1 = relu(this.down[1]!.apply(e0));
    const e2 = relu(this.down[2]!.apply(e1));
    const e3 = relu(this.down[3]!.apply(e2));
    const { levels } = this.afr.apply([e0, e1, e2, e3], { mask: this.mask.apply(e0), features: e0 });
    const [r0, r1, r2, r3] = levels;
    const d2 = relu(add(this.up[0]!.apply(r3), r2));
    const d1 = relu(add(this.up[1]!.apply(d2), r1));
    return add(x, this.last.apply(relu(add(this.up[2]!.apply(d1), r0))));
  }
}

function conv(from: number, to: number, stride: number): Conv2d {
  return new Conv2d(from, to, 3, { stride, padding: 1 });
}

test('an AFR module stands in another encoder and decoder', async () => {
  const network = new SmallUNet();
  const names = [...network.parameters().keys()];
  expect(names).toContain('afr.LRB.RES_BLOCK1.RES_BLOCK11.res1.conv_1.depthwise.weight');
  const executable = await compileHere(inferenceGraph(network), initialState(network.parameters(), 1));
  const { output } = await executable.run({ input: goldenPicture('input', 'unet', [2, 3, 16, 24]) });
  await executable.dispose();
  expect(output!.shape).toEqual([2, 3, 16, 24]);
});
