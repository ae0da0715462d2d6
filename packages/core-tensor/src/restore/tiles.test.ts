import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planTiles } from './tiles.js';

const format = (multiple: number) => ({ colour: 'rgb', multiple, least: multiple }) as const;

test('tiles cover the picture, share what was asked for, and their shares come to 1 in every pixel', () => {
  const cases = fc.record({
    width: fc.integer({ min: 16, max: 300 }),
    height: fc.integer({ min: 16, max: 300 }),
    multiple: fc.constantFrom(1, 4, 16),
    tile: fc.integer({ min: 16, max: 120 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    radius: fc.constantFrom(0, 5, 20, Infinity),
  });
  fc.assert(
    fc.property(cases, ({ width, height, multiple, tile, share, radius }) => {
      const size = Math.ceil(tile / multiple) * multiple;
      const overlap = Math.floor(Math.floor(size / 2 / multiple) * share * multiple);
      const up = Math.ceil(overlap / multiple) * multiple;
      fc.pre(up <= size / 2);
      const plan = planTiles({ width, height }, format(multiple), radius, { tile, overlap });
      for (const [axis, length] of [
        [plan.across, width],
        [plan.down, height],
      ] as const) {
        const full = Math.ceil(length / multiple) * multiple;
        expect(axis.size).toBe(Math.min(full, size));
        expect([axis.starts[0], axis.starts.at(-1)! + axis.size]).toEqual([0, full]);
        for (const [i, start] of axis.starts.entries()) {
          expect(start % multiple).toBe(0);
          if (i > 0) expect(axis.starts[i - 1]! + axis.size - start).toBeGreaterThanOrEqual(up);
        }
        const sums = new Float64Array(full);
        for (const [i, seam] of axis.seams.entries())
          for (const [at, part] of seam.entries()) {
            expect(part).toBeGreaterThanOrEqual(0);
            sums[axis.starts[i]! + at]! += part;
          }
        expect(Math.max(...sums.map((sum) => Math.abs(sum - 1)))).toBeLessThan(1e-6);
      }
    }),
  );
});

test('where tiles share twice the receptive field’s radius, every pixel is of one tile and that far from its inner borders', () => {
  const cases = fc.record({
    length: fc.integer({ min: 64, max: 400 }),
    radius: fc.integer({ min: 0, max: 16 }),
  });
  fc.assert(
    fc.property(cases, ({ length, radius }) => {
      const { across } = planTiles({ width: length, height: 32 }, format(1), radius, { tile: 64 });
      for (const [i, seam] of across.seams.entries())
        for (const [at, part] of seam.entries()) {
          expect([0, 1]).toContain(part);
          if (part === 0) continue;
          if (i > 0) expect(at).toBeGreaterThanOrEqual(radius);
          if (i < across.starts.length - 1) expect(64 - 1 - at).toBeGreaterThanOrEqual(radius);
        }
    }),
  );
});

test('a network may say how large its tiles are', () => {
  const plan = (tile?: number) =>
    planTiles({ width: 6000, height: 4000 }, { ...format(32), ...(tile && { tile }) }, Infinity);
  expect([plan().across.size, plan(1280).across.size, plan(1281).down.size]).toEqual([640, 1280, 1312]);
});

test('auto leaves small pictures whole, and takes large ones apart, however far the network looks', () => {
  const counts = (width: number, height: number, radius: number) => {
    const { across, down } = planTiles({ width, height }, format(4), radius);
    return [across.starts.length, down.starts.length, across.size, down.size];
  };
  expect(counts(1500, 1000, 70)).toEqual([1, 1, 1500, 1000]);
  expect(counts(6000, 4000, 70)).toEqual([12, 8, 640, 640]);
  expect(counts(6000, 300, 70)).toEqual([12, 1, 640, 300]);
  expect(counts(1500, 1000, Infinity)).toEqual([1, 1, 1500, 1000]);
  expect(counts(1920, 1080, Infinity)).toEqual([4, 2, 640, 640]);
  expect(counts(6000, 4000, Infinity)).toEqual([13, 8, 640, 640]);
});

test('a network may declare what auto takes: the largest whole picture and the tiles of larger ones', () => {
  const large = { ...format(64), tile: 512, whole: 400_000 };
  const sizeOf = (width: number, height: number) => planTiles({ width, height }, large, Infinity).across.size;
  expect(sizeOf(620, 460)).toBe(640);
  expect(sizeOf(1280, 720)).toBe(512);
});

test('a tile as long as the picture keeps it whole, or longer', () => {
  for (const tile of [6000, 100_000]) {
    const { across, down } = planTiles({ width: 6000, height: 4000 }, format(16), Infinity, { tile });
    expect([across.starts, down.starts, across.size, down.size]).toEqual([[0], [0], 6000, 4000]);
  }
});

test('options out of range are refused with the range', () => {
  const plan = (options: Parameters<typeof planTiles>[3]) =>
    planTiles({ width: 99, height: 99 }, format(8), 4, options);
  for (const tile of [0, 7, 10.5, Number.NaN])
    expect(() => plan({ tile })).toThrow(`tile is ${tile}; give "auto" or a whole number of at least 8 pixels`);
  for (const overlap of [-1, 33, 1.5])
    expect(() => plan({ tile: 60, overlap })).toThrow(
      `overlap is ${overlap}; give a whole number from 0 to half of the tile, 32`,
    );
});
