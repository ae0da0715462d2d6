import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Random } from '../support/random.js';
import { resizedOpenCV } from './resize-opencv.js';

interface Case {
  name: string;
  from: [number, number];
  to: [number, number];
  bytes: number[];
}

const path = new URL('../../goldens/resize-opencv.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };

test.each(cases)('$from to $to is OpenCV’s, byte for byte', ({ name, from: [width, height], to, bytes }) => {
  const random = Random.named(name);
  const data = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(256 * random.uniform()));
  const resized = resizedOpenCV({ width, height, data }, { width: to[0], height: to[1] });
  expect([resized.width, resized.height]).toEqual(to);
  expect([...resized.data]).toEqual(bytes);
});
