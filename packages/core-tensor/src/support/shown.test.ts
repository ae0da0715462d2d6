import { expect, test } from 'vitest';
import { outputError } from './command-line.js';
import { printable } from './shown.js';

test('what steers a terminal or turns a text round is escaped; lines, tabs and other scripts stay', () => {
  expect(printable('a\u001b[2J\u0007\u009b31m\u202eb\u2066\r')).toBe(
    'a\\u{1b}[2J\\u{7}\\u{9b}31m\\u{202e}b\\u{2066}\\u{d}',
  );
  const fine = 'line\n\tnächste, 雨, مطر, 👩‍🚀 <b>';
  expect(printable(fine)).toBe(fine);
});

test('errors of commander are one line', () => {
  const lines: string[] = [];
  outputError("error: unknown command '\u001b[31m'\n(Did you mean get?)\n", (line) => lines.push(line));
  expect(lines).toEqual(["error: unknown command '\\u{1b}[31m' (Did you mean get?)\n"]);
});
