import { initialState, Restorer, receptiveRadiusOf } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { DuRN_P_no_norm } from './networks/full-resolution.js';
import { study } from './study/study.js';

const SIDE = 180;
const grey = () => ({ width: SIDE, height: SIDE, data: new Float32Array(SIDE * SIDE * 3).fill(0.5) });

test('how far each network looks', () => {
  const radii = Object.entries(study.networks).map(([name, { create }]) => [name, receptiveRadiusOf(create())]);
  expect(Object.fromEntries(radii)).toEqual({
    DuRN_P: 70,
    DuRN_P_no_norm: 70,
    DuRN_U: Infinity,
    DuRN_US: Infinity,
    DuRN_S: Infinity,
    DuRN_S_P: Infinity,
    VeilNet: Infinity,
  });
});

test('a pixel of DuRN-P without norms changes the result no farther away than that, and tiles give the whole', async () => {
  const network = new DuRN_P_no_norm();
  const restorer = await Restorer.open(network, initialState(network.parameters(), 1));
  try {
    const [plain, changed] = [grey(), grey()];
    const middle = SIDE / 2;
    changed.data.fill(1, (middle * SIDE + middle) * 3, (middle * SIDE + middle) * 3 + 3);
    const [before, after] = [await restorer.restore(plain), await restorer.restore(changed)];
    let farthest = 0;
    for (let i = 0; i < before.data.length; i++) {
      if (Math.abs(before.data[i]! - after.data[i]!) < 1e-7) continue;
      const pixel = Math.floor(i / 3);
      const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
      farthest = Math.max(farthest, Math.abs(x - middle), Math.abs(y - middle));
    }
    expect(farthest).toBeGreaterThan(20);
    expect(farthest).toBeLessThanOrEqual(restorer.receptiveRadius);
    const wide = {
      width: 340,
      height: 40,
      data: Uint8Array.from({ length: 340 * 40 * 3 }, (_, i) => (i * 7919) % 251),
    };
    const [whole, tiled] = [await restorer.restore(wide), await restorer.restore(wide, { tile: 290 })];
    const off = whole.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - tiled.data[i]!)), 0);
    expect(off).toBeLessThan(1e-5);
  } finally {
    await restorer.dispose();
  }
});
