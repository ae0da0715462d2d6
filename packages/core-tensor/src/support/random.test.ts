import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fnv1a, Random } from './random.js';

test('the hash and the generator are those of the golden files', () => {
  expect(fnv1a('conv1.conv2d.weight')).toBe(1691898286);
  const random = new Random(1691898286);
  const first = [0.786777864, 0.18821634, 0.8793569, 0.742127364];
  for (const value of first) expect(random.uniform()).toBeCloseTo(value, 8);
});

test('a permutation holds every place once, and the same name gives the same one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.string(), (count, name) => {
      const order = Random.named(name, count).permutation(count);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(Random.named(name, count).permutation(count)).toEqual(order);
    }),
  );
});

test('integers stay in range and normals have mean 0 and deviation 1', () => {
  const random = new Random(5);
  const integers = Array.from({ length: 2000 }, () => random.integer(3));
  expect(new Set(integers)).toEqual(new Set([0, 1, 2]));
  const normals = Array.from({ length: 20_000 }, () => random.normal());
  const mean = normals.reduce((a, b) => a + b) / normals.length;
  const variance = normals.reduce((a, b) => a + (b - mean) ** 2, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});
