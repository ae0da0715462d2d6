import { expect, test } from 'vitest';
import { choicesText, listed } from './shown.js';
import { valueText } from './value-text.js';

test.each([
  [2, '2'],
  [Number.NaN, 'NaN'],
  ['2', '"2" (a string)'],
  ['a\nb', '"a\\nb" (a string)'],
  ['x'.repeat(1e6), `"${'x'.repeat(60)}…" (a string)`],
  [2n, '2 (a bigint)'],
  [true, 'true (a boolean)'],
  [null, 'null'],
  [undefined, 'undefined'],
  [() => 0, 'a function'],
  [[1, 2, 3], 'a list of 3'],
  [{}, 'an empty object'],
  [Object.create(null), 'an empty object'],
  [{ a: 1, b: 2 }, 'an object of a, b'],
  [Buffer.alloc(7_000_000), 'an object of the class Buffer of 7000000 bytes'],
  [new ArrayBuffer(8), 'an object of the class ArrayBuffer of 8 bytes'],
  [new Date(0), 'an object of the class Date'],
])('%o is shown as %s', (value, text) => {
  expect(valueText(value)).toBe(text);
});

test('ten names are listed at most', () => {
  const names = Array.from({ length: 12 }, (_, i) => `n${i}`);
  expect(choicesText(names.slice(0, 10))).toBe('n0, n1, n2, n3, n4, n5, n6, n7, n8, n9');
  expect(choicesText(names)).toBe('n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 2 more');
  expect(listed(names, 2)).toBe('"n0", "n1" and 10 more');
});
