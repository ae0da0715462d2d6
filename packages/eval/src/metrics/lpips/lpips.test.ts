import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  float32,
  goldenState,
  type NamedShape,
  type Picture,
  readPicture,
  type State,
  shapesOf,
  Vgg,
  writeSafetensors,
} from '@unweather/core-tensor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AlexNet } from './alexnet.js';
import { Lpips } from './lpips.js';

const goldens = new URL('../../../goldens/', import.meta.url);
const { values } = JSON.parse(readFileSync(new URL('lpips.json', goldens), 'utf8')) as {
  values: { network: keyof typeof CHANNELS; name: string; lpips: number }[];
};
const CHANNELS = { vgg16: [64, 128, 256, 512, 512], alexnet: [64, 192, 384, 256, 256] };

let folder: string;
const file = (name: string) => join(folder, `${name}.safetensors`);
const save = (name: string, tensors: State) => writeSafetensors(file(name), { tensors, metadata: {} });
const filled = (shapes: Iterable<NamedShape>) => goldenState(shapes, Math.SQRT2);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unweather-'));
  for (const [kind, network] of [
    ['vgg16', new Vgg('vgg16', [29])],
    ['alexnet', new AlexNet()],
  ] as const) {
    await save(kind, filled(shapesOf(network.parameters())));
    const linear = filled(CHANNELS[kind].map((count, i) => [`lin${i}.model.1.weight`, [1, count, 1, 1]]));
    const positive = ([name, { data, shape }]: [string, State extends Map<string, infer T> ? T : never]) =>
      [
        name,
        float32(
          Float32Array.from({ length: data.length }, (_, i) => Math.abs(Number(data[i]))),
          shape,
        ),
      ] as const;
    await save(`${kind}-linear`, new Map([...linear].map(positive)));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const open = (kind: string) => Lpips.open({ network: file(kind), linear: file(`${kind}-linear`) });
const read = (name: string, part: string) => readPicture(fileURLToPath(new URL(`${name}-${part}.png`, goldens)));

test.each(['vgg16', 'alexnet'])('torchvision’s values with weights made by formula: %s', async (kind) => {
  const lpips = await open(kind);
  expect(lpips.network).toBe(kind);
  for (const { name, lpips: expected } of values.filter(({ network }) => network === kind)) {
    const [degraded, truth] = [await read(name, 'degraded'), await read(name, 'truth')];
    // float32 here, float64 in the golden values; 4e-7 apart when this was written.
    expect(Math.abs((await lpips.measure(degraded, truth)) / expected - 1)).toBeLessThan(2e-6);
    expect(await lpips.measure(truth, truth)).toBe(0);
  }
  await lpips.dispose();
});

describe('what cannot be measured', () => {
  const flat = (side: number): Picture => ({ width: side, height: side, data: new Uint8Array(3 * side * side) });

  test('pictures of two sizes, and too small ones; the least one can be', async () => {
    const lpips = await open('alexnet');
    await expect(lpips.measure(flat(40), flat(41))).rejects.toThrow(
      'lpips: the restored picture is 40×40, the truth 41×41; score pictures of one size',
    );
    await expect(lpips.measure(flat(30), flat(30))).rejects.toThrow(
      'lpips by alexnet needs at least 31×31 pixels, the picture has 30×30; use a larger picture',
    );
    expect(await lpips.measure(flat(31), flat(31))).toBe(0);
    await lpips.dispose();
  });

  test('a network that the linear weights are not for', async () => {
    await expect(Lpips.open({ network: file('alexnet'), linear: file('vgg16-linear') })).rejects.toThrow(
      /alexnet\.safetensors: tensor "features\.0\.weight" is \[64,3,11,11\], expected \[64,3,3,3\]; the linear weights are for vgg16: use torchvision's weights from https:.*vgg16/,
    );
    await expect(Lpips.open({ network: file('vgg16-linear'), linear: file('vgg16-linear') })).rejects.toThrow(
      /vgg16-linear\.safetensors: tensor "features\.0\.weight" is missing; the linear weights are for vgg16/,
    );
  });

  test('linear weights that are none, or of another network', async () => {
    await expect(Lpips.open({ network: file('alexnet'), linear: file('alexnet') })).rejects.toThrow(
      /alexnet\.safetensors: tensor "lin0\.model\.1\.weight" is missing; use lpips\/weights/,
    );
    await save('other', filled([0, 1, 2, 3, 4].map((i) => [`lin${i}.model.1.weight`, [1, 7, 1, 1]])));
    await expect(Lpips.open({ network: file('alexnet'), linear: file('other') })).rejects.toThrow(
      /other\.safetensors: linear weights of the shapes \[1,7,1,1\] .* fit none of the known networks \(vgg16, alexnet\)/,
    );
    await expect(Lpips.open({ network: file('alexnet'), linear: join(folder, 'none.pth') })).rejects.toThrow(
      /none\.pth: cannot be read \(no such file or folder\)/,
    );
  });
});
