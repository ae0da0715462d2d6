import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Channels, Plane } from './channels.js';
import { planeSimilarity, ssim } from './ssim.js';
import { gaussian11, gaussian11Repeated, gaussian11Zero, type SsimWindow, uniform7 } from './window.js';

const WINDOWS = { uniform7, gaussian11, gaussian11Zero, gaussian11Repeated };

/** A pixel, padded beyond the picture by a window's border rule. */
function pixel(plane: Plane, width: number, height: number, row: number, column: number, border: SsimWindow['border']) {
  const inside = row >= 0 && row < height && column >= 0 && column < width;
  if (!inside && border === 'zeros') return 0;
  const held = (at: number, side: number) => Math.min(Math.max(at, 0), side - 1);
  return plane[held(row, height) * width + held(column, width)]!;
}

/** SSIM straight from its definition, pixel by pixel of every window. */
function plainSsim(x: Plane, y: Plane, width: number, height: number, range: number, window: SsimWindow): number {
  const { size, weights, border, covarianceFactor } = window;
  const half = (size - 1) / 2;
  const weight = (d: number) => (weights === 'uniform' ? 1 / size : weights[Math.abs(d)]!);
  const skirt = border === 'inside' ? half : 0;
  const scores: number[] = [];
  for (let row = skirt; row < height - skirt; row++)
    for (let column = skirt; column < width - skirt; column++) {
      let [mx, my, xx, yy, xy] = [0, 0, 0, 0, 0];
      for (let dy = -half; dy <= half; dy++)
        for (let dx = -half; dx <= half; dx++) {
          const w = weight(dy) * weight(dx);
          const a = pixel(x, width, height, row + dy, column + dx, border);
          const b = pixel(y, width, height, row + dy, column + dx, border);
          mx += w * a;
          my += w * b;
          xx += w * a * a;
          yy += w * b * b;
          xy += w * a * b;
        }
      const variances = covarianceFactor * (xx - mx * mx + yy - my * my);
      const covariance = covarianceFactor * (xy - mx * my);
      const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
      scores.push(((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (variances + c2)));
    }
  return scores.reduce((a, b) => a + b) / scores.length;
}

test.each(Object.entries(WINDOWS))(
  '%s is its definition, pixel by pixel, on bytes and floats of any size',
  (_, window) => {
    const least = window.border === 'inside' ? window.size : 1;
    const side = fc.integer({ min: least, max: 17 });
    const pair = fc.tuple(side, side).chain(([width, height]) => {
      const bytes = fc.uint8Array({ minLength: width * height, maxLength: width * height });
      return fc.record({ width: fc.constant(width), height: fc.constant(height), x: bytes, y: bytes });
    });
    fc.assert(
      fc.property(pair, ({ width, height, x, y }) => {
        const expected = plainSsim(x, y, width, height, 255, window);
        expect(planeSimilarity(x, y, { width, height }, 255, window).similarity).toBeCloseTo(expected, 10);
        const [fx, fy] = [Float64Array.from(x, (v) => v / 255), Float64Array.from(y, (v) => v / 255)];
        expect(planeSimilarity(fx, fy, { width, height }, 1, window).similarity).toBeCloseTo(expected, 9);
      }),
      { numRuns: 30 },
    );
  },
);

test('the second factor leaves the luminance out: a brighter picture has the same structure', () => {
  const x = Uint8Array.from({ length: 400 }, (_, i) => (i * 37) % 200);
  const brighter = x.map((value) => value + 50);
  const { similarity, structure } = planeSimilarity(x, brighter, { width: 20, height: 20 }, 255, gaussian11);
  expect(structure).toBeCloseTo(1, 12);
  expect(similarity).toBeLessThan(0.99);
});

test('a picture smaller than a window that must lie inside is refused; with zeros around it, one pixel will do', () => {
  const small: Channels = { width: 9, height: 6, planes: [new Float64Array(54)] };
  expect(() => ssim(small, small, 255, uniform7)).toThrow(
    "SSIM's window is 7×7, the picture 9×6; use a larger picture",
  );
  const dot: Channels = { width: 1, height: 1, planes: [Uint8Array.of(7)] };
  expect(ssim(dot, dot, 255, gaussian11Zero)).toBe(1);
});

test('a window that cannot be computed is refused', () => {
  const dot: Channels = { width: 20, height: 20, planes: [new Uint8Array(400)] };
  expect(() => ssim(dot, dot, 255, { ...uniform7, size: 8 })).toThrow(
    "SSIM's window is 8×8; its side must be odd; a weighted window must be 11×11 with 6 weights",
  );
  expect(() => ssim(dot, dot, 255, { ...gaussian11, size: 7, weights: [0.4, 0.2, 0.1] })).toThrow(
    "SSIM's window is 7×7 with 3 weights; its side must be odd; a weighted window must be 11×11 with 6 weights",
  );
});

test('the zero-padded Gaussian darkens the border, so that a flat difference counts less there', () => {
  const flat = (value: number) => new Float64Array(15 * 13).fill(value);
  const size = { width: 15, height: 13 };
  const zero = planeSimilarity(flat(100), flat(120), size, 255, gaussian11Zero).similarity;
  const repeated = planeSimilarity(flat(100), flat(120), size, 255, gaussian11Repeated).similarity;
  expect(repeated).toBeCloseTo((2 * 100 * 120 + 6.5025) / (100 ** 2 + 120 ** 2 + 6.5025), 10);
  expect(zero).not.toBeCloseTo(repeated, 3);
});
