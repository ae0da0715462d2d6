import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairing } from './pairing.js';
import type { Scan } from './scan.js';
import { fill, parseTemplate, patternOf, type Template } from './template.js';

/** Scan result for files that need not exist. */
function scanOf(template: Template, paths: readonly string[]): Scan {
  const pattern = patternOf(template, template.file);
  const found = paths.flatMap((path) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ path, spelt: path, fields: { ...match.groups } }];
  });
  return { found, others: [] };
}

const SCENES = ['1', '2', '3', '10'];
const input = parseTemplate('rain_image/{scene}_{variant:1..3}.jpg');
const truth = parseTemplate('label/{scene}.jpg');
const inputs = SCENES.flatMap((scene) => ['1', '2', '3'].map((variant) => fill(input.file, { scene, variant })));
const truths = SCENES.map((scene) => fill(truth.file, { scene }));

test('whatever is missing, every pair of a scene that is there is either an entry or a problem', () => {
  fc.assert(
    fc.property(fc.subarray(inputs), fc.subarray(truths), (some, others) => {
      const { entries, problems } = pairing(scanOf(input, some), scanOf(truth, others), { input, truth });
      const scenes = new Set([...some, ...others].map((path) => /\/(\d+)/.exec(path)![1]));
      expect(entries.length + problems.length).toBe(scenes.size * 3);
      for (const [clean, rainy] of entries) {
        expect(some).toContain(rainy);
        expect(others).toContain(clean);
        expect(rainy.startsWith(`rain_image/${/\d+/.exec(clean)![0]}_`)).toBe(true);
      }
      expect(entries.map(([, rainy]) => rainy)).toEqual(
        inputs.filter((path) => entries.some(([, rainy]) => rainy === path)),
      );
    }),
  );
});

test('a list chooses the scenes, and their order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(SCENES), (names) => {
      const list = { path: 'list.txt', names: names.map((name) => `${name}.jpg`), line: '{scene}.jpg' };
      const { entries, problems } = pairing(scanOf(input, inputs), scanOf(truth, truths), { input, truth, list });
      expect(problems).toEqual([]);
      expect(entries.map(([clean]) => clean)).toEqual(names.flatMap((name) => Array(3).fill(`label/${name}.jpg`)));
    }),
  );
});

test('a line may name single inputs, by what the truth does not know', () => {
  const hazy = parseTemplate('hazy/{scene}_{light}_{beta}.jpg');
  const clear = parseTemplate('clear/{scene}.jpg');
  const files = ['hazy/0005_0.8_0.1.jpg', 'hazy/0005_0.8_0.2.jpg', 'hazy/0005_1_0.2.jpg'];
  const list = { path: 'list.txt', names: ['0005_0.8_0.2.jpg'], line: undefined };
  const options = { input: hazy, truth: clear };
  const there = scanOf(clear, ['clear/0005.jpg']);
  expect(pairing(scanOf(hazy, files), there, options).entries).toHaveLength(3);
  expect(pairing(scanOf(hazy, files), there, { ...options, list }).entries).toEqual([['clear/0005.jpg', files[1]]]);
});
