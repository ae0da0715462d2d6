import { join } from 'node:path';
import { Random } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { openPair } from './pair.js';
import { temporaryFolder, writeNoise } from './test-support.js';

test('pictures of two sizes are no pair, even where they are cut to one', async () => {
  const folder = await temporaryFolder();
  await writeNoise(folder, { 'a.png': [20, 10], 'wide.png': [21, 10], 'high.png': [20, 11], 'same.png': [20, 10] });
  const open = (name: string) => {
    const [truth, input] = [join(folder, 'a.png'), join(folder, name)];
    const corner = {
      picture: { width: 1, height: 1, data: new Uint8Array(3) },
      frame: { left: 0, top: 0, width: 1, height: 1 },
    };
    return openPair({ kind: 'files', name, truth, input }, new Random(1), { prepare: () => corner });
  };
  for (const [name, size] of [
    ['wide.png', '21×10'],
    ['high.png', '20×11'],
  ] as const)
    await expect(open(name)).rejects.toThrow(
      `pair "${name}": ${join(folder, 'a.png')} is 20×10, ${join(folder, name)} is ${size}; a pair needs two pictures of ` +
        'one size, correct the meta file or the pictures',
    );
  expect((await open('same.png')).input.width).toBe(1);
});
