import { expect, test } from 'vitest';
import { compile } from '../engines/onnxruntime/compile.js';
import type { Tensor } from '../graph/tensor.js';
import { Conv2d } from '../nn/conv2d.js';
import { Module } from '../nn/module.js';
import { inferenceGraph, initialState } from '../nn/network.js';
import { formatOf, type PictureNetwork } from '../nn/picture-network.js';
import * as ops from '../ops/index.js';
import { Random } from '../support/random.js';
import { receptiveRadiusOf } from './receptive-field.js';
import { type RestoreOptions, type RunningNetwork, restorePicture } from './restore-picture.js';

/** A small network whose receptive field reaches 8 pixels; it works at half size inside. */
class Local extends Module {
  readonly pictures = { colour: 'rgb', multiple: 2, least: 8 } as const;
  readonly down = new Conv2d(3, 6, 3, { stride: 2, padding: 1 });
  readonly wide = new Conv2d(6, 12, 3, { padding: 2, dilation: 2 });

  protected forward(x: Tensor): Tensor {
    return ops.add(ops.pixelShuffle(ops.relu(this.wide.apply(this.down.apply(x))), 2), x);
  }
}

/** Scales channels by factors computed from their averages over the picture, as channel attention does. */
class Attentive extends Module {
  readonly pictures = { colour: 'rgb', multiple: 1, least: 8 } as const;
  readonly squeeze = new Conv2d(3, 3, 1);

  protected forward(x: Tensor): Tensor {
    return ops.mul(x, ops.sigmoid(this.squeeze.apply(ops.mean(x, [2, 3]))));
  }
}

const withLocal = <T>(use: (network: RunningNetwork) => Promise<T>) => running(new Local(), use);

async function running<T>(network: PictureNetwork, use: (network: RunningNetwork) => Promise<T>): Promise<T> {
  const executable = await compile(inferenceGraph(network), initialState(network.parameters(), 3), { threads: 1 });
  try {
    return await use({ executable, format: formatOf(network), receptiveRadius: receptiveRadiusOf(network) });
  } finally {
    await executable.dispose();
  }
}

const random = Random.named('restore-picture');
const picture = {
  width: 101,
  height: 75,
  data: Uint8Array.from({ length: 101 * 75 * 3 }, () => random.integer(256)),
};

/** The largest difference between two pictures' numbers. */
function difference(a: Float32Array, b: Float32Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

/** The largest step from a pixel to its neighbour at the right or below. */
function steepest(data: Float32Array, width: number): number {
  const row = width * 3;
  return data.reduce((worst, value, i) => {
    const right = i % row < row - 3 ? Math.abs(data[i + 3]! - value) : 0;
    const below = i + row < data.length ? Math.abs(data[i + row]! - value) : 0;
    return Math.max(worst, right, below);
  }, 0);
}

test('by tiles that share twice the receptive field’s radius it is the whole picture’s result; with less it comes near, by seams', async () => {
  await withLocal(async (network) => {
    expect(network.receptiveRadius).toBeGreaterThan(0);
    const whole = (await restorePicture(network, picture)).data;
    for (const batch of [1, 3]) {
      const { data } = await restorePicture(network, picture, { tile: 40, batch });
      expect(difference(data, whole)).toBeLessThan(1e-6);
    }
    const least = await restorePicture(network, picture, { tile: 16, overlap: 0 });
    const blended = await restorePicture(network, picture, { tile: 40, overlap: 4 });
    expect(difference(least.data, whole)).toBeGreaterThan(1e-3);
    expect(difference(blended.data, whole)).toBeLessThan(difference(least.data, whole));
  });
});

test('where the network averages over the picture, tiles come near the whole’s result, and no seam shows', async () => {
  const [width, height] = [288, 192];
  // Dark at the left, bright at the right, with slow waves: the averages of tiles differ a lot.
  const tone = (x: number, y: number) => (0.8 * x) / width + 0.1 + 0.1 * Math.sin(x / 20) * Math.cos(y / 20);
  const at = (pixel: number) => tone(pixel % width, Math.floor(pixel / width));
  const data = Float32Array.from({ length: width * height * 3 }, (_, i) => at(Math.floor(i / 3)));
  await running(new Attentive(), async (network) => {
    expect(network.receptiveRadius).toBe(Infinity);
    const restored = async (options: RestoreOptions) =>
      (await restorePicture(network, { width, height, data }, options)).data;
    const [whole, blended, cut] = [
      await restored({ tile: width }),
      await restored({ tile: 96 }),
      await restored({ tile: 96, overlap: 0 }),
    ];
    expect(difference(blended, whole)).toBeGreaterThan(0.01);
    expect(difference(blended, whole)).toBeLessThan(0.1);
    expect(steepest(cut, width)).toBeGreaterThan(5 * steepest(whole, width));
    expect(steepest(blended, width)).toBeLessThan(1.2 * steepest(whole, width));
  });
});

test('progress is of tiles, batch by batch', async () => {
  await withLocal(async (network) => {
    const seen: unknown[] = [];
    await restorePicture(network, picture, { tile: 64, batch: 3, onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([
      { done: 3, total: 4 },
      { done: 4, total: 4 },
    ]);
    await expect(restorePicture(network, picture, { batch: 0 })).rejects.toThrow(
      'batch is 0; give the number of tiles at a time, 1 or more',
    );
  });
});

test('an abort ends the work before the running tile does, with its reason, and the network goes on', async () => {
  await withLocal(async (network) => {
    const reason = new Error('enough');
    await expect(restorePicture(network, picture, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    // An engine that never finishes its tile; the run is aborted once it has begun.
    const run = () => {
      setImmediate(() => controller.abort(reason));
      return new Promise<never>(() => undefined);
    };
    const endless = { ...network, executable: { run } };
    const restoring = restorePicture(endless, picture, { signal: controller.signal });
    await expect(restoring).rejects.toBe(reason);
    const second = new AbortController();
    const stopped = restorePicture(network, picture, {
      tile: 32,
      signal: second.signal,
      onProgress: ({ done }) => done === 2 && second.abort(reason),
    });
    await expect(stopped).rejects.toBe(reason);
    const { data } = await restorePicture(network, picture, { tile: 32 });
    expect(data.every(Number.isFinite)).toBe(true);
  });
});

test('two pictures take turns, tile by tile', async () => {
  await withLocal(async (network) => {
    const turns: string[] = [];
    const restore = (name: string) =>
      restorePicture(network, picture, { tile: 40, onProgress: () => turns.push(name) });
    await Promise.all([restore('a'), restore('b')]);
    expect(turns.length).toBeGreaterThan(10);
    // Number of tiles done of one picture when the other was complete.
    const tiles = turns.length / 2;
    const first = turns.findIndex((name, i) => turns.slice(0, i + 1).filter((turn) => turn === name).length === tiles);
    expect(first + 1 - tiles).toBeGreaterThan(tiles / 3);
  });
});
