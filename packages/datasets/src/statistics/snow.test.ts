import { expect, test } from 'vitest';
import { flakeStatistics } from './flakes.js';
import { snowRows, snowTable } from './snow.js';

const [WIDTH, HEIGHT] = [80, 60];
const truth = { width: WIDTH, height: HEIGHT, data: new Float32Array(WIDTH * HEIGHT * 3).fill(0.2) };

/** Lays white at an opacity over part of a veiled scene. */
function snowy(opacity: (x: number, y: number) => number, veil: number) {
  const data = truth.data.map((value, i) => {
    const pixel = Math.floor(i / 3);
    const z = 1 - (1 - opacity(pixel % WIDTH, Math.floor(pixel / WIDTH))) * (1 - veil);
    return value * (1 - z) + z;
  });
  return { ...truth, data };
}

test('a veil and flakes are found as they were laid', () => {
  const small = (x: number, y: number) => x >= 10 && x < 13 && y >= 10 && y < 13;
  const long = (x: number, y: number) => x >= 40 && x < 42 && y >= 20 && y < 40;
  const found = flakeStatistics(
    truth,
    snowy((x, y) => (small(x, y) ? 0.5 : long(x, y) ? 0.25 : 0), 0.2),
  );
  expect(found.veil).toBeCloseTo(0.2, 5);
  expect(found.coverage).toBeCloseTo((9 + 40) / (WIDTH * HEIGHT), 5);
  expect(found.density).toBeCloseTo(2000 / (WIDTH * HEIGHT), 5);
  expect(found.areas).toEqual([40, 40, 40]);
  // Under the veil a flake of 0.5 adds 0.4.
  expect(found.peaks[1]).toBeCloseTo(0.4, 5);
  expect(found.elongation).toBeCloseTo(10, 5);
  expect(Math.abs(found.lean)).toBeLessThan(1);
});

test('a picture without flakes has none', () => {
  const { veil, coverage, density, areas, peaks } = flakeStatistics(
    truth,
    snowy(() => 0, 0.3),
  );
  expect(veil).toBeCloseTo(0.3, 5);
  expect({ coverage, density, areas, peaks }).toEqual({ coverage: 0, density: 0, areas: [0, 0, 0], peaks: [0, 0] });
});

test('synthesised snow is near what the shown masks and pairs have', { tags: 'whole' }, async () => {
  const rows = await snowRows(undefined, ['flaked-snow']);
  expect(rows.map(({ set }) => set)).toEqual(['light', 'medium', 'heavy'].map((level) => `flaked-snow, ${level}`));
  // Three masks of Snow100K and the pair of CSD: coverage 0.05 to 0.22, areas 3 to 26, 27 to 80, 117 to 387.
  for (const { coverage, areas, peaks, elongation } of rows) {
    expect(coverage).toBeGreaterThan(0.04);
    expect(coverage).toBeLessThan(0.25);
    expect(areas[0]).toBeGreaterThanOrEqual(3);
    expect(areas[0]).toBeLessThan(27);
    expect(areas[1]).toBeGreaterThan(25);
    expect(areas[1]).toBeLessThan(100);
    expect(areas[2]).toBeGreaterThan(100);
    expect(areas[2]).toBeLessThan(450);
    expect(peaks[0]).toBeGreaterThan(0.14);
    expect(peaks[0]).toBeLessThan(0.5);
    expect(elongation).toBeGreaterThan(1.4);
    expect(elongation).toBeLessThan(2.3);
  }
  const [light, , heavy] = rows as [(typeof rows)[number], unknown, (typeof rows)[number]];
  expect(light.veil).toBeLessThan(heavy.veil - 0.1);
  expect(light.psnr).toBeGreaterThan(heavy.psnr + 3);
  expect(snowTable(rows).split('\n')).toHaveLength(5);
});
