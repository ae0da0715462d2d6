import type { Tensor } from './graph/tensor.js';
import { BatchNorm2d } from './nn/batch-norm2d.js';
import { ConvTranspose2d } from './nn/conv-transpose2d.js';
import { Conv2d } from './nn/conv2d.js';
import { InstanceNorm2d } from './nn/instance-norm2d.js';
import { Linear } from './nn/linear.js';
import { Module } from './nn/module.js';
import { PReLU } from './nn/prelu.js';
import * as ops from './ops/index.js';

/** A small network with every operation whose lowering could bake in a size; any height and width from 8. */
export class EveryOperation extends Module {
  readonly enter = new Conv2d(3, 8, 3, { padding: 1 });
  readonly norm = new BatchNorm2d(8);
  readonly slope = new PReLU(8);
  readonly down = new Conv2d(8, 8, 3, { stride: 2, padding: 1, groups: 2 });
  readonly instance = new InstanceNorm2d(8, { affine: true });
  readonly shifts = new Conv2d(8, 27, 3, { padding: 1 });
  readonly bent = new Conv2d(8, 8, 3);
  readonly up = new ConvTranspose2d(8, 8, 3, { stride: 2, padding: 1, outputPadding: 1 });
  readonly fc = new Linear(8, 8);
  readonly shuffled = new Conv2d(8, 12, 1);
  readonly leave = new Conv2d(15, 3, 3, { dilation: 2 });

  protected forward(input: Tensor): Tensor {
    const full = this.slope.apply(this.norm.apply(this.enter.apply(input)));
    const half = this.instance.apply(this.down.apply(full));
    const shifts = this.shifts.apply(half);
    const mask = ops.sigmoid(ops.slice(shifts, 1, 18));
    const { weight, bias } = this.bent;
    const around = ops.square(1);
    const bent = ops.deformConv2d(half, weight.tensor, ops.slice(shifts, 1, 0, 18), mask, bias!.tensor, {
      padding: around,
    });
    const pooled = ops.add(
      ops.maxPool2d(bent, 3, { stride: 1, padding: around }),
      ops.avgPool2d(bent, 3, { stride: 1, padding: around }),
    );
    const gate = ops.softmax(
      this.fc.apply(ops.reshape(ops.add(ops.mean(pooled, [2, 3]), ops.max(pooled, [2, 3])), [0, -1])),
      1,
    );
    const gated = ops.leakyRelu(ops.mul(pooled, ops.reshape(gate, [0, 0, 1, 1])), 0.1);
    const larger = ops.resizeBilinear(this.up.apply(gated), { like: full });
    const woven = ops.resizeNearest(ops.pixelShuffle(this.shuffled.apply(gated), 2), { like: full });
    // Attention between places of a picture, with columns of 2×2 pixels.
    const columns = ops.transpose(
      ops.unfold(ops.slice(woven, 1, 0, 1), 2, { padding: { top: 0, left: 0, bottom: 1, right: 1 } }),
      [0, 2, 1],
    );
    const attention = ops.matmul(columns, ops.matmul(ops.transpose(columns, [0, 2, 1]), columns));
    const place = ops.reshapeLike(ops.mul(ops.slice(attention, 2, 0, 1), 0.01), ops.slice(woven, 1, 0, 1));
    const ahead = ops.concat(
      [larger, woven, ops.abs(place), ops.tanh(ops.slice(woven, 1, 1, 2)), ops.clamp(place, -1, 1), this.mixed(full)],
      1,
    );
    const padded = ops.replicatePad2d(ops.reflectPad2d(ahead, ops.square(1)), ops.square(1));
    return ops.add(this.leave.apply(padded), input);
  }

  /** Features with the last axis for channels, split into two columns and two rows; one channel of the same size. */
  private mixed(full: Tensor): Tensor {
    const { weight, bias } = this.fc;
    const last = ops.transpose(ops.resizeNearest(full, { factor: 2 }), [0, 2, 3, 1]);
    const parts = ops.reshapeLike(last, last, { 1: [-1, 2], 2: [2, -1] });
    const columns = ops.transpose(parts, [2, 3, 0, 1, 4, 5]);
    const rows = ops.reshape(ops.layerNorm(columns, bias!.tensor, bias!.tensor, 1e-3), [-1, 8]);
    const mixed = ops.reshapeLike(ops.gelu(ops.addmm(bias!.tensor, rows, weight.tensor)), columns);
    const back = ops.reshapeLike(ops.transpose(mixed, [2, 3, 0, 1, 4, 5]), last);
    const small = ops.resizeBilinear(ops.transpose(back, [0, 3, 1, 2]), { factor: 0.5 }, { antialias: true });
    return ops.slice(ops.resizeBilinear(small, { like: full }), 1, 0, 1);
  }
}

/** A picture whose values depend on the place only. */
export function testPicture(n: number, height: number, width: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: n * 3 * height * width }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.37));
}
