import { initialState, Random, Restorer, receptiveRadiusOf } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { AFRNet } from './networks/afrnet.js';
import { SIZES } from './networks/sizes.js';

test('how far the networks look: far, but not everywhere', () => {
  const radii = Object.entries(SIZES).map(([name, size]) => [name, receptiveRadiusOf(new AFRNet(size))]);
  const students = { 'AFRNet-student': 529, 'AFRNet-student-24': 529, 'AFRNet-student-32': 529 };
  expect(Object.fromEntries(radii)).toEqual({ AFRNet: 538, 'AFRNet-16': 538, ...students });
});

test('tiles that share twice that give the whole picture’s result; nearer ones do not', async () => {
  const network = new AFRNet(SIZES['AFRNet-student']);
  const restorer = await Restorer.open(network, initialState(network.parameters(), 1));
  try {
    const random = Random.named('afrnet tiles');
    const [width, height] = [2600, 32];
    const picture = { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
    const whole = await restorer.restore(picture);
    const off = async (tile: number) => {
      const { data } = await restorer.restore(picture, { tile });
      return whole.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - data[i]!)), 0);
    };
    expect(await off(2176)).toBeLessThan(1e-5);
    expect(await off(512)).toBeGreaterThan(1 / 255);
  } finally {
    await restorer.dispose();
  }
});
