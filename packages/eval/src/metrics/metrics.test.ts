import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Picture, readPicture } from '@unweather/core-tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelPlanes } from './channels.js';
import { difference } from './ciede2000.js';
import { METRICS } from './metrics.js';
import { ssim } from './ssim.js';
import { gaussian11Repeated, gaussian11Zero } from './window.js';

const goldens = new URL('../../goldens/', import.meta.url);

interface Golden
  extends Record<'mse' | 'mae' | 'ciede2000' | 'gmsd' | 'gaussian11Zero' | 'gaussian11Repeated', number> {
  name: string;
  mirrored: { times: number; 'ms-ssim': number; niqe: number; brisque: number };
}

const { pictures } = JSON.parse(readFileSync(new URL('metrics.json', goldens), 'utf8')) as { pictures: Golden[] };

async function pairOf(name: string): Promise<[degraded: Picture, truth: Picture]> {
  const read = (kind: string) => readPicture(fileURLToPath(new URL(`${name}-${kind}.png`, goldens)));
  return [await read('degraded'), await read('truth')];
}

/** The picture, extended to the right and below by mirroring at its border (NumPy's `symmetric`). */
function mirrored({ width, height, data }: Picture, times: number): Picture {
  const [across, down] = [width * times, height * times];
  const folded = (at: number, side: number) => Math.min(at % (2 * side), 2 * side - 1 - (at % (2 * side)));
  const out = new Uint8Array(across * down * 3);
  for (let i = 0; i < across * down; i++) {
    const from = 3 * (folded(Math.floor(i / across), height) * width + folded(i % across, width));
    out.set(data.subarray(from, from + 3), 3 * i);
  }
  return { width: across, height: down, data: out };
}

function flat(side: number, value: number): Picture {
  return { width: side, height: side, data: new Uint8Array(3 * side * side).fill(value) };
}

describe.each(pictures)('values of independent tools: $name', (golden) => {
  test.each(['mse', 'mae', 'ciede2000', 'gmsd'] as const)('%s', async (name) => {
    const [degraded, truth] = await pairOf(golden.name);
    expect(Math.abs(METRICS[name]!.measure(degraded, truth) - golden[name])).toBeLessThan(1e-9);
  });

  test.each(['ms-ssim', 'niqe', 'brisque'] as const)('%s', async (name) => {
    const [degraded, truth] = (await pairOf(golden.name)).map((p) => mirrored(p, golden.mirrored.times));
    expect(Math.abs(METRICS[name]!.measure(degraded!, truth!) - golden.mirrored[name])).toBeLessThan(1e-9);
  });

  test('SSIM by the windows of pytorch_ssim and of MATLAB', async () => {
    const [degraded, truth] = await pairOf(golden.name);
    const [a, b] = [channelPlanes(degraded), channelPlanes(truth)];
    expect(Math.abs(ssim(a, b, 255, gaussian11Repeated) - golden.gaussian11Repeated)).toBeLessThan(1e-9);
    // PyTorch rounds the window's 121 products to float32, too, which moves the mean by 1e-7.
    const floats = ({ planes, ...size }: typeof a) => ({
      ...size,
      planes: planes.map((plane) => Float64Array.from(plane, (value) => Math.fround(value / 255))),
    });
    expect(Math.abs(ssim(floats(a), floats(b), 1, gaussian11Zero) - golden.gaussian11Zero)).toBeLessThan(1e-6);
  });
});

describe('CIEDE2000 where hues meet their ends, as its authors tabulate it', () => {
  type Colour = [number, number, number];
  test.each<[Colour, Colour, number]>([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, -1, 2], [50, 0, 0], 2.3669],
    [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
    [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195],
    [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ])('%j and %j', (a, b, expected) => {
    expect(difference(a, b)).toBeCloseTo(expected, 4);
    expect(difference(b, a)).toBeCloseTo(expected, 4);
  });
});

test('identical pictures score the best there is', async () => {
  const picture = mirrored((await pairOf('chelsea'))[1], 2);
  for (const { name, noReference, measure, better } of Object.values(METRICS))
    if (!noReference) expect(measure(picture, picture), name).toBeCloseTo(better === 'higher' ? 1 : 0, 12);
});

test('a picture that is blurred and noisy comes out worse than itself by every metric that knows the truth', async () => {
  const [degraded, truth] = (await pairOf('astronaut')).map((p) => mirrored(p, 2)) as [Picture, Picture];
  for (const { name, measure, better, noReference } of Object.values(METRICS)) {
    if (noReference) continue;
    const change = measure(degraded, truth) - measure(truth, truth);
    expect(better === 'higher' ? -change : change, name).toBeGreaterThan(0);
  }
});

test('errors of bytes: both are those of the definition, and symmetric', () => {
  const bytes = fc.uint8Array({ minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(bytes, bytes, (x, y) => {
      const [a, b] = [x, y].map((data) => ({ width: 2, height: 2, data })) as [Picture, Picture];
      const differences = Array.from(x, (value, i) => Math.abs(value - y[i]!));
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
      expect(METRICS.mae!.measure(a, b)).toBeCloseTo(mean(differences), 12);
      expect(METRICS.mse!.measure(b, a)).toBeCloseTo(mean(differences.map((d) => d * d)), 9);
      expect(METRICS.ciede2000!.measure(a, b)).toBeCloseTo(METRICS.ciede2000!.measure(b, a), 9);
    }),
  );
});

test('a no-reference metric looks at the restored picture alone', async () => {
  const picture = mirrored((await pairOf('astronaut'))[0], 2);
  const blind = Object.values(METRICS).filter(({ noReference }) => noReference);
  expect(blind.map(({ name }) => name)).toEqual(['niqe', 'brisque']);
  for (const { measure } of blind) expect(measure(picture, flat(3, 0))).toBe(measure(picture, picture));
});

describe('pictures that cannot be measured', () => {
  test.each(['mse', 'mae', 'ciede2000', 'ms-ssim', 'gmsd'])('%s: two sizes', (name) => {
    expect(() => METRICS[name]!.measure(flat(200, 1), flat(201, 1))).toThrow(
      `${name}: the restored picture is 200×200, the truth 201×201; score pictures of one size`,
    );
  });

  test.each([
    ['gmsd', 4],
    ['ms-ssim', 161],
    ['niqe', 96],
    ['brisque', 16],
  ] as const)('%s: too small', (name, least) => {
    const small = flat(least - 1, 1);
    expect(() => METRICS[name]!.measure(small, small)).toThrow(
      `${name} needs at least ${least}×${least} pixels, the picture has ${least - 1}×${least - 1}; use a larger picture ` +
        'or another metric',
    );
    if (!METRICS[name]!.noReference) expect(METRICS[name]!.measure(flat(least, 1), flat(least, 1))).not.toBeNaN();
  });

  test('brisque: a flat picture', () => {
    expect(() => METRICS.brisque!.measure(flat(20, 9), flat(20, 9))).toThrow(
      'brisque needs a picture that is not flat, this one of 20×20 is; use another picture or another metric',
    );
  });

  test('niqe: one block, or flat ones', async () => {
    const message = (side: number, count: number) =>
      `niqe needs at least two blocks of 96×96 pixels that are not flat, the picture of ${side}×${side} has ${count}; use a ` +
      'larger picture or another metric';
    expect(() => METRICS.niqe!.measure(flat(200, 9), flat(200, 9))).toThrow(message(200, 0));
    const { width, data } = mirrored((await pairOf('astronaut'))[1], 2);
    const one = {
      width: 100,
      height: 100,
      data: Uint8Array.from({ length: 30000 }, (_, i) => data[Math.floor(i / 300) * width * 3 + (i % 300)]!),
    };
    expect(() => METRICS.niqe!.measure(one, one)).toThrow(message(100, 1));
  });
});
