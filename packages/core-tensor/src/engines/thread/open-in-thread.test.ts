import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { float32 } from '../../graph/tensor-data.js';
import { UserError } from '../../support/error.js';
import { temporaryFolder } from '../../test-support.js';
import { openInThread } from './open-in-thread.js';
import { openReplaced } from './replaced.js';

/** Serves runs that end the thread, as often as a file says. */
const MORTAL = `import { readFileSync, writeFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { serve } from '${new URL('./serve.js', import.meta.url).href}';
const { ends } = workerData;
serve(async () => ({
  async run(inputs) {
    const left = Number(readFileSync(ends, 'utf8'));
    if (left === 0 || inputs.safe) return inputs;
    writeFileSync(ends, String(left - 1));
    process.exit(7);
  },
  state: async () => new Map(),
  dispose: async () => undefined,
}));`;

const PROGRAM = `import { Conv2d, initialState, Restorer } from '${new URL('../../index.js', import.meta.url).href}';
const network = new Conv2d(3, 3, 1);
const restorer = await Restorer.open(network, initialState(network.parameters(), 1), { threads: 1 });
const { width } = await restorer.restore({ width: 9, height: 8, data: new Uint8Array(9 * 8 * 3) });
await restorer.dispose();
console.log(width);`;

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'program.mjs'), PROGRAM);
  await writeFile(join(folder, 'hook.mjs'), 'export {};');
  await writeFile(join(folder, 'hook.cjs'), '');
});

const run = async (options: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const settings = { cwd: folder, env: { ...process.env, ...env } };
  return (await promisify(execFile)(process.execPath, options, settings)).stdout.trim();
};

test.each([
  [['--max-old-space-size=4000']],
  [['--expose-gc']],
  [['--stack-size=2000']],
  [['--import', './hook.mjs']],
  [['--loader', './hook.mjs']],
  [['--require', './hook.cjs']],
  [['--conditions=development', '--no-warnings', '--trace-warnings', '--enable-source-maps']],
])('a program restores with the options %j', async (options) => {
  expect(await run([...options, 'program.mjs'])).toBe('9');
});

test.each(['--max-old-space-size=4000', '--import ./hook.mjs', '--stack-trace-limit=5'])(
  'a program restores with %s in NODE_OPTIONS',
  async (NODE_OPTIONS) => {
    expect(await run(['program.mjs'], { NODE_OPTIONS })).toBe('9');
  },
);

test('a program given as text restores, too', async () => {
  expect(await run(['--expose-gc', '--input-type=module', '--eval', PROGRAM])).toBe('9');
});

test('a thread that does not start is told in one line, with a remedy', async () => {
  const script = async (text: string) => {
    const path = join(folder, `thread-${text.length}.mjs`);
    await writeFile(path, text);
    return pathToFileURL(path);
  };
  const start = 'the thread that runs the network cannot be started';
  for (const [url, message] of [
    [pathToFileURL(join(folder, 'none.mjs')), `${start} (Cannot find module`],
    [await script("throw new Error('broken')"), `${start} (broken); allow more memory and threads`],
    [await script('process.exit(3)'), `${start} (its status is 3)`],
    [await script("import 'no-such-package-here'"), `${start} (Cannot find package 'no-such-package-here'`],
    [new URL('https://example.org/x.mjs'), start],
  ] as const) {
    const failure = openInThread(url, {});
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(UserError);
  }
});

test('a thread that ends is replaced, and its run is done again once; the warning says so', async () => {
  const own = await temporaryFolder();
  const [script, ends] = [join(own, 'mortal.mjs'), join(own, 'ends')];
  await writeFile(script, MORTAL);
  const warnings: string[] = [];
  const hear = ({ message }: Error) => void warnings.push(message);
  process.on('warning', hear);
  const replaced = await openReplaced(() => openInThread(pathToFileURL(script), { ends }));
  const x = float32(Float32Array.of(3), [1]);
  try {
    await writeFile(ends, '1');
    // A run that waits for the thread is done again, too.
    expect(await Promise.all([replaced.run({ x }), replaced.run({ safe: x })])).toEqual([{ x }, { safe: x }]);
    await writeFile(ends, '2');
    const failure = replaced.run({ x });
    await expect(failure).rejects.toThrow('the thread that runs the network has ended (its status is 7); allow more');
    await expect(failure).rejects.toBeInstanceOf(UserError);
    expect(await replaced.run({ x })).toEqual({ x });
    await replaced.dispose();
    await expect(replaced.run({ x })).rejects.toThrow('the thread that runs the network has ended');
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', hear);
  }
  // Warnings of the first two runs, of the one that failed, and of the one that found its thread ended.
  expect(warnings).toHaveLength(4);
  for (const message of warnings)
    expect(message).toMatch(
      /^the thread that runs the network has ended \(.+\); another one is started, and its work is/,
    );
});
