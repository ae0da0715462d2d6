import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fnv1a, type Picture, Random, readPicture, toBytes } from '@unweather/core-tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Channels } from '../metrics/channels.js';
import { psnr } from '../metrics/psnr.js';
import { ssim } from '../metrics/ssim.js';
import { gaussian11, uniform7 } from '../metrics/window.js';
import { type Colour, firstChannel, lumaOpenCV, lumaOpenCVFromBgr, lumaStudio, rgb } from './colour.js';
import { basicsrLumaProtocol, basicsrProtocol, matlabProtocol } from './general.js';
import { asFloats, clamped, composeProtocol, rounded } from './protocol.js';

const goldens = new URL('../../goldens/', import.meta.url);
const json = <T>(file: string): T => JSON.parse(readFileSync(new URL(file, goldens), 'utf8')) as T;
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

interface Score {
  psnr: number;
  ssim: number;
  result_y_sum?: number;
  result_y_first16?: number[];
}

interface FormulaPair extends Record<'rgb' | 'y_rgb' | 'y_bgr' | 'gray_channel0', Score> {
  name: string;
  height: number;
  width: number;
  noise: number;
  label_sum: number;
  result_sum: number;
  result_first16: number[];
}

function uniforms(name: string, count: number): Float64Array {
  const random = new Random(fnv1a(name));
  return Float64Array.from({ length: count }, () => random.uniform());
}

/** Pictures of a golden pair, made as its file says: a label of bytes, and a result truncated to bytes. */
function made({ name, width, height, noise }: FormulaPair): { truth: Picture; restored: Picture } {
  const count = width * height * 3;
  const truth = { width, height, data: Uint8Array.from(uniforms(`target:${name}`, count), (u) => Math.floor(256 * u)) };
  const disturbance = uniforms(`input:${name}`, count);
  const data = Float32Array.from(truth.data, (v, i) => Math.fround(v / 255) + noise * (disturbance[i]! - 0.5));
  return { truth, restored: toBytes({ width, height, data }) };
}

describe('the official test scripts’ numbers on pictures made by formula', () => {
  const COLOURS: [keyof FormulaPair & ('rgb' | 'y_rgb' | 'y_bgr' | 'gray_channel0'), Colour][] = [
    ['rgb', rgb],
    ['y_rgb', lumaOpenCV],
    ['y_bgr', lumaOpenCVFromBgr],
    ['gray_channel0', firstChannel],
  ];
  test.each(json<{ pairs: FormulaPair[] }>('protocols.json').pairs)('$name', (pair) => {
    const { truth, restored } = made(pair);
    expect([...restored.data.subarray(0, 16)]).toEqual(pair.result_first16);
    expect([sum(truth.data), sum(restored.data)]).toEqual([pair.label_sum, pair.result_sum]);
    for (const [key, colour] of COLOURS) {
      const [a, b] = [colour(restored), colour(truth)];
      expect(psnr(a, b, 255)).toBeCloseTo(pair[key].psnr, 5);
      expect(ssim(a, b, 255, uniform7)).toBeCloseTo(pair[key].ssim, 6);
      const { result_y_sum, result_y_first16 } = pair[key];
      if (result_y_sum !== undefined) expect(sum(a.planes[0]!)).toBe(result_y_sum);
      if (result_y_first16 !== undefined) expect([...a.planes[0]!.subarray(0, 16)]).toEqual(result_y_first16);
    }
  });
});

describe('scikit-image’s numbers on photographs', () => {
  type Named = Record<'rgb' | 'y' | 'matlab' | 'basicsr' | 'basicsr-y', Score>;
  const { pictures } = json<{ pictures: ({ name: string } & Named)[] }>('pictures.json');
  test.each(pictures)('$name', async ({ name, ...expected }) => {
    const [truth, degraded] = (await Promise.all(
      ['truth', 'degraded'].map((kind) => readPicture(fileURLToPath(new URL(`${name}-${kind}.png`, goldens)))),
    )) as [Picture, Picture];
    for (const [key, colour] of [
      ['rgb', rgb],
      ['y', lumaOpenCV],
    ] as const) {
      const [a, b] = [colour(degraded), colour(truth)];
      expect(Math.abs(psnr(a, b, 255) - expected[key].psnr)).toBeLessThan(1e-6);
      expect(Math.abs(ssim(a, b, 255, uniform7) - expected[key].ssim)).toBeLessThan(1e-6);
    }
    for (const protocol of [matlabProtocol, basicsrProtocol, basicsrLumaProtocol]) {
      const scores = protocol.score(degraded, truth);
      const { psnr: decibels, ssim: similarity } = expected[protocol.name as keyof Named];
      expect(Math.abs(scores.psnr - decibels), protocol.name).toBeLessThan(1e-6);
      expect(Math.abs(scores.ssim - similarity), protocol.name).toBeLessThan(1e-6);
    }
  });
});

describe('a border that is not scored', () => {
  const bordered = (border: number) =>
    composeProtocol({ name: 'b', description: 'd', border, quantisation: rounded, colour: rgb, window: gaussian11 });
  const { pictures } = json<{ pictures: { name: string; border4: Score }[] }>('metrics.json');

  test.each(pictures)('scikit-image’s numbers of the inside: $name', async ({ name, border4 }) => {
    const read = (kind: string) => readPicture(fileURLToPath(new URL(`${name}-${kind}.png`, goldens)));
    const { psnr: decibels, ssim: similarity } = bordered(4).score(await read('degraded'), await read('truth'));
    expect(Math.abs(decibels - border4.psnr)).toBeLessThan(1e-6);
    expect(Math.abs(similarity - border4.ssim)).toBeLessThan(1e-6);
  });

  test('a picture that is all border is refused', () => {
    const picture = { width: 20, height: 9, data: new Uint8Array(540) };
    expect(() => bordered(5).score(picture, picture)).toThrow(
      'protocol b leaves out 5 pixels on every side, the picture is 20×9; use a larger picture or another protocol',
    );
  });
});

describe('scikit-image’s numbers of floats', () => {
  const { pictures } = json<{ pictures: { name: string; floats: Record<'rgb' | 'y', Score> }[] }>('metrics.json');
  test.each(pictures)('$name', async ({ name, floats }) => {
    const read = (kind: string) => readPicture(fileURLToPath(new URL(`${name}-${kind}.png`, goldens)));
    const [degraded, truth] = [await read('degraded'), await read('truth')];
    for (const [key, colour] of [
      ['rgb', rgb],
      ['y', lumaStudio],
    ] as const)
      for (const quantisation of [clamped, asFloats]) {
        const parts = { name: 'f', description: 'd', quantisation, colour, window: uniform7 };
        const { psnr: decibels, ssim: similarity } = composeProtocol(parts).score(degraded, truth);
        expect(Math.abs(decibels - floats[key].psnr), key).toBeLessThan(1e-6);
        expect(Math.abs(similarity - floats[key].ssim), key).toBeLessThan(1e-6);
      }
  });
});

describe('properties', () => {
  const channels = (width: number, height: number) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: width * height, maxLength: width * height })
      .map((values): Channels => ({ width, height, planes: [Float64Array.from(values)] }));
  const pair = fc
    .tuple(fc.integer({ min: 7, max: 12 }), fc.integer({ min: 7, max: 12 }))
    .chain(([width, height]) => fc.tuple(channels(width, height), channels(width, height)));

  test('both are symmetric, SSIM is at most 1 and does not depend on the scale', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(psnr(a, b, 255)).toBe(psnr(b, a, 255));
        const similarity = ssim(a, b, 255, uniform7);
        expect(ssim(b, a, 255, uniform7)).toBeCloseTo(similarity, 12);
        expect(similarity).toBeLessThanOrEqual(1 + 1e-12);
        const scaled = ({ planes, ...size }: Channels) => ({
          ...size,
          planes: planes.map((p) => Float64Array.from(p, (v) => v / 255)),
        });
        expect(ssim(scaled(a), scaled(b), 1, uniform7)).toBeCloseTo(similarity, 9);
        expect(psnr(scaled(a), scaled(b), 1)).toBeCloseTo(psnr(a, b, 255), 9);
      }),
      { numRuns: 50 },
    );
  });

  test('identical pictures score Infinity and 1; a difference of 1 everywhere scores 20·log10(255)', () => {
    const flat = (value: number): Channels => ({ width: 8, height: 8, planes: [new Float64Array(64).fill(value)] });
    expect(psnr(flat(9), flat(9), 255)).toBe(Infinity);
    expect(ssim(flat(9), flat(9), 255, uniform7)).toBeCloseTo(1, 12);
    expect(psnr(flat(9), flat(10), 255)).toBeCloseTo(20 * Math.log10(255), 12);
  });
});

test('pictures with NaN or infinities have no score', () => {
  const [width, height] = [16, 16];
  const truth = { width, height, data: new Float32Array(width * height * 3) };
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    const broken = { width, height, data: truth.data.slice().fill(value, 100, 101) };
    for (const protocol of [basicsrProtocol, composeProtocol({ ...parts, quantisation: asFloats })]) {
      expect(() => protocol.score(broken, truth)).toThrow(
        `the restored picture contains ${value} in channel 1, row 2, column 1, which is no colour; check the weights`,
      );
      expect(() => protocol.score(truth, broken)).toThrow(`the true picture contains ${value}`);
    }
    expect(() => toBytes(broken)).toThrow(`the picture contains ${value}, which is no colour`);
  }
});

const parts = { name: 'floats', description: '', quantisation: clamped, colour: rgb, window: gaussian11 };
