import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { blend, MODULE, type Row, rowsOf, shifts } from './rows.js';

test('the module in rows.ts is rows.wat, compiled', async () => {
  const text = readFileSync(new URL('../../../src/metrics/kernel/rows.wat', import.meta.url), 'utf8');
  const { buffer } = (await wabt()).parseWat('rows.wat', text).toBinary({});
  expect(MODULE).toBe(Buffer.from(buffer).toString('base64'));
});

test('a row is blended as by a plain loop, whatever its length', () => {
  const numbers = (min: number, max: number) =>
    fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: min, maxLength: max });
  fc.assert(
    fc.property(numbers(11, 40), numbers(6, 6), (values, weights) => {
      const [out, from, line] = rowsOf(3, values.length) as [Row, Row, Row];
      from.values.set(values);
      line.values.set(weights);
      const count = values.length - 10;
      blend(out, count, line, shifts(from));
      for (let i = 0; i < count; i++) {
        const expected = Array.from({ length: 11 }, (_, tap) => weights[Math.abs(tap - 5)]! * values[i + tap]!);
        expect(out.values[i]).toBeCloseTo(
          expected.reduce((a, b) => a + b),
          10,
        );
      }
    }),
  );
});
