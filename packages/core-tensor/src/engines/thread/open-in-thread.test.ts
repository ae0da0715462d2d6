import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { UserError } from '../../support/error.js';
import { temporaryFolder } from '../../test-support.js';
import { openInThread } from './open-in-thread.js';

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
