import {
  compileHere,
  formatOf,
  goldenPicture,
  initialState,
  type PictureNetwork,
  type State,
  trainingStep,
} from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { ssimAndL1 } from './loss.js';
import { durn } from './paper.js';

const networks = Object.entries(durn.networks).map(([name, { create }]): [string, PictureNetwork] => [name, create()]);

test.each(networks)(
  'a training step of %s is the same with the engine’s passes and without',
  async (_, network) => {
    const { channels } = formatOf(network);
    const step = trainingStep(network, ssimAndL1, { channels, height: 24, width: 20 }, { inspect: true });
    const state: State = new Map([...initialState(step.parameters, 1), ...step.optimiserState()]);
    const batch = {
      input: goldenPicture('input', 'passes', [2, channels, 24, 20]),
      target: goldenPicture('target', 'passes', [2, channels, 24, 20]),
    };
    const run = async (withoutPasses: readonly string[] | 'all') => {
      const executable = await compileHere(step.graph, state, { withoutPasses });
      const outputs = await executable.run({ ...batch, ...step.optimiser.inputs(1, 1e-4) });
      await executable.dispose();
      return outputs;
    };
    const [plain, fast] = [await run('all'), await run([])];
    expect(Object.keys(fast)).toEqual(Object.keys(plain));
    for (const [name, { data }] of Object.entries(plain)) {
      const numbers = data as Float32Array;
      const largest = numbers.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
      const worst = numbers.reduce((a, value, i) => Math.max(a, Math.abs(value - Number(fast[name]!.data[i]))), 0);
      expect(worst / largest, name).toBeLessThan(1e-5);
    }
  },
  60_000,
);
