import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { temporaryFolder } from './test-support.js';
import { ThreadPool } from './thread-pool.js';

const PROGRAM = `import { embeddedPairs, Loader } from '${new URL('./index.js', import.meta.url).href}';
const pairs = await embeddedPairs('train', 'rain');
const loader = new Loader({ pairs, batch: 1, crop: 24, flip: true, order: 'shuffled', visit: 'pair', seed: 3 });
for await (const { size } of loader.batches(0)) { console.log(size); break; }
await loader.close();`;

test.each([[['--max-old-space-size=4000', '--expose-gc', '--stack-size=2000']], [['--input-type=module', '--eval']]])(
  'batches are made with the options %j',
  async (options) => {
    const file = join(await temporaryFolder(), 'program.mjs');
    await writeFile(file, PROGRAM);
    const program = options.includes('--eval') ? PROGRAM : file;
    expect((await promisify(execFile)(process.execPath, [...options, program])).stdout).toBe('1\n');
  },
);

test.each([0, 1])('a thread that cannot start, of %i that stay, is told by every task', async (least) => {
  const pool = new ThreadPool(pathToFileURL('/nowhere/worker.js'), 'counts', { least, most: 1 });
  for (let i = 0; i < 2; i++) {
    const failure = pool.run({});
    await expect(failure).rejects.toThrow(/^the thread that counts cannot be started \(Cannot find module .+\); /);
    await expect(failure).rejects.toBeInstanceOf(UserError);
  }
  await pool.close();
});

test('a thread that ends is replaced, and its task done again, once', async () => {
  const folder = await temporaryFolder();
  const [file, ends] = [join(folder, 'worker.mjs'), join(folder, 'ends')];
  await writeFile(
    file,
    `import { readFileSync, writeFileSync } from 'node:fs';
    export default ({ number }) => {
      const left = Number(readFileSync('${ends}', 'utf8'));
      if (left > 0) {
        writeFileSync('${ends}', String(left - 1));
        process.exit(1);
      }
      return { number };
    };`,
  );
  const pool = new ThreadPool<{ readonly number: number }, { readonly number: number }>(pathToFileURL(file), 'counts', {
    most: 1,
  });
  await writeFile(ends, '1');
  expect(await pool.run({ number: 3 })).toEqual({ number: 3 });
  await writeFile(ends, '2');
  await expect(pool.run({ number: 4 })).rejects.toThrow('the thread that counts has ended');
  expect(await pool.run({ number: 5 })).toEqual({ number: 5 });
  await pool.close();
});

test('what a task answers is passed on, and what it throws', async () => {
  const file = join(await temporaryFolder(), 'worker.mjs');
  await writeFile(
    file,
    "export default (task) => { if (task === 'throw') throw new Error('a bug'); if (task === 'exit') process.exit(1); return task; }",
  );
  const pool = new ThreadPool<unknown, { readonly number: number }>(pathToFileURL(file), 'counts', { most: 1 });
  expect(await pool.run({ number: 3 })).toEqual({ number: 3 });
  await expect(pool.run({ userError: 'no such file' })).rejects.toThrow(new UserError('no such file'));
  await expect(pool.run('throw')).rejects.toThrow('a bug');
  await expect(pool.run('throw')).rejects.not.toBeInstanceOf(UserError);
  await expect(pool.run('exit')).rejects.toThrow('the thread that counts has ended (worker exited with code: 1)');
  await pool.close();
});
