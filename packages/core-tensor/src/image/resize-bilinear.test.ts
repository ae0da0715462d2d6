import { expect, test } from 'vitest';
import { resizedBilinear } from './resize-bilinear.js';

const line = (...values: number[]) => ({
  width: values.length,
  height: 1,
  data: Float32Array.from(values.flatMap((value) => [value, 2 * value, -value])),
});

test('half-pixel centres, the border held, nothing clamped: as PyTorch’s interpolate', () => {
  // torch.nn.functional.interpolate(torch.tensor([[[[0., 4., 8.]]]]), (1, 6), mode="bilinear")
  const wide = resizedBilinear(line(0, 4, 8), { width: 6, height: 1 });
  expect(Array.from({ length: 6 }, (_, i) => wide.data[i * 3])).toEqual([0, 1, 3, 5, 7, 8]);
  expect(Array.from({ length: 6 }, (_, i) => wide.data[i * 3 + 2])).toEqual([-0, -1, -3, -5, -7, -8]);
  // … (1, 2): without antialiasing the pixel between is not averaged in.
  const narrow = resizedBilinear(line(0, 4, 8, 100), { width: 2, height: 3 });
  expect([narrow.width, narrow.height]).toEqual([2, 3]);
  expect([narrow.data[0], narrow.data[3], narrow.data[15]]).toEqual([2, 54, 54]);
});

test('bytes count as parts of 255', () => {
  const bytes = { width: 1, height: 1, data: Uint8Array.of(51, 0, 255) };
  expect(resizedBilinear(bytes, { width: 2, height: 1 }).data).toEqual(Float32Array.of(0.2, 0, 1, 0.2, 0, 1));
});
