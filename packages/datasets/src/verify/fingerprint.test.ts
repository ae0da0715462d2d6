import { type Picture, Random } from '@unweather/core-tensor';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { embeddedPairs } from '../embedded.js';
import { openPair } from '../pair.js';
import { distance, fingerprint } from './fingerprint.js';
import { SAME_SCENE } from './leakage.js';

const pairs = [
  ...(await embeddedPairs('train', 'rain', { everyLevel: true })),
  ...(await embeddedPairs('held-out', 'rain')),
];
const light = await Promise.all(
  pairs
    .filter((pair) => pair.kind === 'synthesised' && pair.level === 'light')
    .map((pair) => openPair(pair, new Random(1))),
);
const truths = light.map(({ truth }) => truth as Picture);
const prints = await Promise.all(truths.map(fingerprint));

async function again({ width, height, data }: Picture, change: (picture: Sharp) => Sharp): Promise<Picture> {
  const changed = await change(sharp(data, { raw: { width, height, channels: 3 } })).toBuffer();
  const { data: bytes, info } = await sharp(changed).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(bytes) };
}

test.each<[string, (picture: Sharp) => Sharp]>([
  ['compressed anew', (picture) => picture.jpeg({ quality: 30 })],
  ['halved', (picture) => picture.resize(96).png()],
  ['stretched', (picture) => picture.resize(480, 320, { fit: 'fill' }).png()],
])('a photograph %s shows the same scene', async (_what, change) => {
  for (const [index, truth] of truths.entries())
    expect(distance(prints[index]!, await fingerprint(await again(truth, change)))).toBeLessThanOrEqual(SAME_SCENE);
});

test('so it does under light rain', async () => {
  expect(light).toHaveLength(21);
  for (const [index, { input }] of light.entries())
    expect(distance(prints[index]!, await fingerprint(input))).toBeLessThanOrEqual(SAME_SCENE);
});

test('different photographs show different scenes', () => {
  for (const [index, print] of prints.entries())
    for (const other of prints.slice(0, index)) expect(distance(print, other)).toBeGreaterThan(SAME_SCENE);
});

test('the distance is the number of bits that differ', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const bits = (a: number, b: number) => ((a ^ b) >>> 0).toString(2).replaceAll('0', '').length;
  fc.assert(
    fc.property(word, word, word, word, (a, b, c, d) => {
      expect(distance([a, b], [c, d])).toBe(bits(a, c) + bits(b, d));
    }),
  );
});
