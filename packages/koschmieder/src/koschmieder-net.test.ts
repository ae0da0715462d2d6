import {
  compileHere,
  float32,
  goldenPicture,
  inferenceGraph,
  initialState,
  l1,
  type State,
  trainingStep,
} from '@unweather/core-tensor';
import { describe, expect, test } from 'vitest';
import { KoschmiederNet } from './koschmieder-net.js';

const zeroed = (state: State): State =>
  new Map([...state].map(([name, value]) => [name, name.startsWith('last.') ? filled(value.shape, 0) : value]));
const filled = (shape: readonly number[], value: number) =>
  float32(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape);

describe.each([2, 4] as const)('folded by %i', (fold) => {
  const network = new KoschmiederNet(fold);
  const first = initialState(network.parameters(), 1);

  async function restored(state: State, shape: [number, number, number, number]) {
    const executable = await compileHere(inferenceGraph(network), state, { threads: 1 });
    const input = goldenPicture('input', 'koschmieder', shape);
    const { output } = await executable.run({ input });
    await executable.dispose();
    return { input: input.data as Float32Array, output: output! };
  }

  test('it gives its input back where its last layer is zero, on any multiple of 32', async () => {
    const { input, output } = await restored(zeroed(first), [2, 3, 64, 96]);
    expect(output.shape).toEqual([2, 3, 64, 96]);
    for (const [i, value] of (output.data as Float32Array).entries()) expect(value).toBeCloseTo(input[i]!, 5);
  });

  test('what the last layer says is Koschmieder’s law: a gain around an airlight, and a rest', async () => {
    const [gain, airlight, rest] = [1.6, [0.9, 0.95, 1.05], [0.01, 0, -0.02]];
    const bias = [Math.log(gain), ...airlight.map((a) => a - 1), ...rest];
    const state = zeroed(first).set('last.bias', float32(Float32Array.from(bias), [7]));
    const { input, output } = await restored(state, [1, 3, 32, 64]);
    for (const [i, value] of (output.data as Float32Array).entries()) {
      const channel = Math.floor(i / (32 * 64));
      const [a, r] = [airlight[channel]!, rest[channel]!];
      expect(value).toBeCloseTo((input[i]! - a) * gain + a + r, 4);
    }
  });

  test('every weight but those behind a zero is trained, and a step lowers the loss', async () => {
    const step = trainingStep(network, (output, target) => ({ total: l1(output, target) }), {
      ...{ batch: 1, channels: 3, height: 64, width: 64 },
    });
    expect([...step.trained]).toEqual([...network.parameters().keys()]);
    const state: State = new Map([...zeroed(first), ...step.optimiserState()]);
    const executable = await compileHere(step.graph, state, { threads: 1 });
    const target = goldenPicture('target', 'koschmieder', [1, 3, 64, 64]);
    const hazy = float32(
      (target.data as Float32Array).map((value) => 0.5 * value + 0.45),
      target.shape,
    );
    const losses: number[] = [];
    for (let at = 1; at <= 12; at++) {
      const { total } = await executable.run({ input: hazy, target, ...step.optimiser.inputs(at, 1e-3) });
      losses.push(Number(total!.data[0]));
    }
    await executable.dispose();
    expect(losses.at(-1)).toBeLessThan(0.96 * losses[0]!);
  });
});
