import { afterEach, expect, test, vi } from 'vitest';
import { reading } from '../checkpoint/reading.js';
import { UserError } from './error.js';
import { runProgram } from './run-program.js';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

async function printed(thrown: () => never, debug: boolean): Promise<string> {
  vi.restoreAllMocks();
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await runProgram({ parseAsync: async () => thrown(), opts: () => ({ debug }) }, []);
  expect(process.exitCode).toBe(1);
  return write.mock.calls.map(([text]) => String(text)).join('');
}

const expected = () => {
  throw new UserError('a.pth: missing');
};
/** A fault that a reader does not foresee. */
const unforeseen = () =>
  reading('a.pth', 'use another', () => {
    throw new TypeError('at is not a function');
  });

test('an error is one line, and with --debug its stack', async () => {
  expect(await printed(expected, false)).toBe('error: a.pth: missing\n');
  expect(await printed(expected, true)).toMatch(/^error: a\.pth: missing\nUserError: a\.pth: missing\n {4}at /);
});

test('what no reader foresees is damage, and with --debug the exception', async () => {
  const line =
    'error: a.pth: damaged, or not as its format requires (at is not a function); use another (--debug shows more)\n';
  expect(await printed(unforeseen, false)).toBe(line);
  const all = await printed(unforeseen, true);
  expect(all).toMatch(/^error: a\.pth: damaged, .+; use another\nUserError/);
  expect(all).toMatch(/\[cause\]: TypeError: at is not a function\n\s+at /);
});
