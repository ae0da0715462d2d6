import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FloatPicture,
  type Picture,
  pictureSize,
  Random,
  readPicture,
  toBytes,
  writePng,
} from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { uniform7 } from '../metrics/window.js';
import { lumaOpenCV, lumaStudio, rgb } from '../protocols/colour.js';
import { clamped, composeProtocol, truncated } from '../protocols/protocol.js';
import { writeContactSheet } from './contact-sheet.js';
import type { ResultRecord } from './record.js';
import { writeResults } from './results.js';
import { summaryTable } from './summary.js';

const folder = () => mkdtemp(join(tmpdir(), 'unweather-'));
const protocol = composeProtocol({
  name: 'p',
  description: 'd',
  quantisation: truncated,
  colour: lumaOpenCV,
  window: uniform7,
});
const floats = (name: string, width = 12, height = 10): FloatPicture => {
  const random = Random.named(name);
  return { width, height, data: Float32Array.from({ length: 3 * width * height }, () => random.between(-0.1, 1.1)) };
};

const PERFECT = { psnr: Infinity, ssim: 1, ssimJs: 1 };

function record(changes: Partial<ResultRecord>): ResultRecord {
  return {
    paper: 'durn',
    network: 'DuRN_S',
    dataset: 'embedded',
    split: 'held-out',
    picture: 'a, "b"',
    condition: 'light',
    protocol: 'p',
    weights: 'abc',
    engine: 'cpu',
    origin: 'measured here',
    scene: 's',
    key: 'k',
    input: { psnr: 20, ssim: 0.5, ssimJs: 0.5 },
    restored: { psnr: 25.123456789, ssim: 0.9, ssimJs: 0.9 },
    ...changes,
  };
}

test('the saved PNG scores what the array scores', async () => {
  const path = join(await folder(), 'x.png');
  const [output, truth] = [floats('output'), toBytes(floats('truth'))];
  await writePng(path, toBytes(output));
  expect(protocol.score(await readPicture(path), truth)).toEqual(protocol.score(output, truth));
});

test('a protocol resizes and cuts both pictures before the network sees one', () => {
  const parts = { name: 'p', description: 'd', quantisation: truncated, colour: lumaOpenCV, window: uniform7 };
  const cutting = composeProtocol({ ...parts, multiple: 4 });
  const picture = toBytes(floats('s', 15, 9));
  expect(cutting.prepare(picture)).toMatchObject({ width: 12, height: 8 });
  expect(cutting.prepare(picture).data.subarray(0, 36)).toEqual(picture.data.subarray(0, 36));
  expect(protocol.prepare(picture)).toBe(picture);
  const resizing = composeProtocol({ ...parts, resize: { width: 8, height: 10 } });
  expect(resizing.prepare(picture)).toMatchObject({ width: 8, height: 10 });
  expect(() => resizing.prepare(floats('s'))).toThrow('protocol p resizes pictures of bytes only; choose another');
});

test('a protocol over floats clamps and does not round', () => {
  const over = composeProtocol({ name: 'f', description: 'd', quantisation: clamped, colour: rgb, window: uniform7 });
  const truth = { width: 8, height: 8, data: new Float32Array(192).fill(1) };
  const output = { ...truth, data: truth.data.map((_, i) => (i % 2 === 0 ? 1.5 : 0.999)) };
  expect(over.score(output, truth).psnr).toBeCloseTo(-10 * Math.log10(0.5 * 0.001 ** 2), 3);
});

test('SSIM may be taken of other numbers than PSNR, and an identical picture may have a number', () => {
  const parts = { name: 's', description: 'd', quantisation: clamped, colour: lumaStudio, window: uniform7 };
  const [a, b] = [floats('a'), floats('b')];
  const rgbSsim = composeProtocol({ ...parts, colour: rgb });
  const mixed = composeProtocol({ ...parts, ssim: { quantisation: clamped, colour: rgb }, identical: 100 });
  expect(mixed.score(a, b).psnr).toBe(composeProtocol(parts).score(a, b).psnr);
  expect(mixed.score(a, b).ssim).toBe(rgbSsim.score(a, b).ssim);
  expect(mixed.score(b, b).psnr).toBe(100);
  const white = { width: 8, height: 8, data: new Float32Array(192).fill(1) };
  expect(lumaStudio(white).planes[0]![0]).toBeCloseTo(235 / 255, 6);
});

test('pictures of two sizes cannot be scored', () => {
  const small = toBytes(floats('s', 8, 9));
  expect(() => protocol.score(small, toBytes(floats('t')))).toThrow(
    'the restored picture is 8×9, the truth 12×10; score pictures of one size',
  );
});

test('ssim.js is 1 on equal pictures, and near our SSIM but not equal on others', () => {
  const truth = toBytes(floats('truth', 32, 32));
  const noisy = { ...truth, data: truth.data.map((value, i) => Math.max(0, value - ((i * 7) % 32))) };
  expect(protocol.score(truth, truth)).toMatchObject({ psnr: Infinity, ssimJs: 1 });
  const { ssim, ssimJs } = protocol.score(noisy, truth);
  expect(Math.abs(ssim - ssimJs)).toBeLessThan(0.05);
  expect(ssim).not.toBe(ssimJs);
});

test('results come as CSV with a line per picture and as Markdown with the means', async () => {
  const where = await folder();
  const records = [record({}), record({ condition: 'heavy', restored: PERFECT, picture: 'c' })];
  const files = await writeResults(where, 'durn-rain', { title: 'Title', notes: ['Embedded set.'] }, records);
  expect(files.map((file) => file.slice(where.length))).toEqual(['/durn-rain.csv', '/durn-rain.md']);
  expect(await readdir(where)).toEqual(['durn-rain.csv', 'durn-rain.md']);
  const [header, first, second] = (await readFile(files[0]!, 'utf8')).split('\n');
  expect(header).toBe(
    'paper,network,dataset,split,picture,condition,protocol,input_psnr,input_ssim,input_ssim_js,psnr,ssim,ssim_js,origin,weights_sha256,engine',
  );
  expect(first).toBe(
    'durn,DuRN_S,embedded,held-out,"a, ""b""",light,p,20.000000,0.500000,0.500000,25.123457,0.900000,0.900000,measured here,abc,cpu',
  );
  expect(second).toContain(',inf,');
  expect(await readFile(files[1]!, 'utf8')).toBe(`# Title\n\nEmbedded set.\n\n${summaryTable(records)}\n`);
});

test('the summary has a row per condition and one over all; a mean over an identical picture is infinite', () => {
  const table = summaryTable([
    record({}),
    record({ input: { psnr: 22, ssim: 0.5, ssimJs: 0.5 } }),
    record({ condition: 'heavy', restored: PERFECT }),
  ]);
  const cells = table.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(cells[2]).toEqual(['light', '2', '21.00', '25.12', '4.12', '0.5000', '0.9000', '0.5000', '0.9000']);
  expect(cells[3]!.slice(0, 5)).toEqual(['heavy', '1', '20.00', 'inf', 'inf']);
  expect(cells[4]!.slice(0, 4)).toEqual(['all', '3', '20.67', 'inf']);
});

test('a contact sheet shows every picture where it belongs', async () => {
  const path = join(await folder(), 'sheet.png');
  const flat = (value: number): Picture => ({ width: 40, height: 30, data: new Uint8Array(3600).fill(value) });
  const rows = [10, 90].map((value) => ({ pictures: [flat(value), flat(value + 50)], captions: ['<24 dB>', 'b'] }));
  await writeContactSheet(path, ['rainy', 'restored'], rows);
  const { width, height, data } = await readPicture(path);
  expect(await pictureSize(path)).toEqual({ width, height });
  const middle = (x: number, y: number) => data[(y * width + x) * 3];
  expect([middle(32, 49), middle(84, 49), middle(32, 105), middle(84, 105)]).toEqual([10, 60, 90, 140]);
});

test('a result that cannot be written is named', async () => {
  const file = join(await folder(), 'file');
  await writeFile(file, '');
  await expect(writeResults(file, 'x', { title: '', notes: [] }, [record({})])).rejects.toThrow(
    /x\.csv: cannot be written/,
  );
});
