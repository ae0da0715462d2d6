import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Random, UserError } from '@unweather/core-tensor';
import { expect, test } from 'vitest';
import { badPairsOf } from './bad-pairs.js';
import { readHdf5Picture } from './hdf5.js';
import { LimitedThreads, LimitReached } from './limited-threads.js';
import { Loader } from './loader.js';
import { checkFile } from './prepare/check-file.js';
import { temporaryFolder } from './test-support.js';

const whole = await readFile(fileURLToPath(new URL('../goldens/pair.h5', import.meta.url)));

/** Changes a few bytes at random, and cuts off the end of every eighth file. */
function changed(index: number): Uint8Array {
  const random = Random.named('hdf5', index);
  const bytes = Uint8Array.from(whole);
  for (let count = 1 + random.integer(6); count > 0; count--)
    bytes[random.integer(bytes.length)] = [0, 1, 0x7f, 0x80, 0xff, random.integer(256)][random.integer(6)]!;
  return index % 8 === 0 ? bytes.subarray(0, random.integer(bytes.length)) : bytes;
}

test('a changed file is read, or refused by name; nothing else is thrown, and nothing takes for ever', async () => {
  const refused: string[] = [];
  for (let index = 0; index < 250; index++) {
    const dataset = ['gt', 'haze', 'bytes'][index % 3]!;
    const limits = { milliseconds: 60_000, megabytes: 512 };
    await readHdf5Picture(`${index}.h5`, changed(index), dataset, limits).catch((thrown: unknown) => {
      expect(thrown).toBeInstanceOf(UserError);
      expect((thrown as Error).message).toMatch(new RegExp(`^${index}\\.h5`));
      refused.push((thrown as Error).message);
    });
  }
  expect(refused.length).toBeGreaterThan(30);
  expect(refused.length).toBeLessThan(240);
});

/** A module that answers, counts for ever, or takes all memory. */
const WORKER = `import { parentPort } from 'node:worker_threads';
parentPort.on('message', (task) => {
  while (task === 'forever');
  const all = [];
  while (task === 'memory') all.push(new Array(1e5).fill(0.5));
  if (task === 'throw') throw new Error('a bug');
  parentPort.postMessage({ task, bytes: task.bytes?.byteLength });
});`;

test('a task that takes too long or too much memory is ended; the next ones are done', async () => {
  const module = pathToFileURL(join(await temporaryFolder(), 'worker.mjs'));
  await writeFile(module, WORKER);
  const threads = new LimitedThreads<unknown, unknown>(module, 'counts');
  const run = (task: unknown, milliseconds = 600_000) => threads.run(task, { milliseconds, megabytes: 64 });
  expect(await run(1)).toEqual({ task: 1 });
  await expect(run('forever', 100)).rejects.toThrow(new LimitReached('more than 0.1 s'));
  await expect(run('memory')).rejects.toThrow(new LimitReached('more than 64 MB'));
  await expect(run('throw')).rejects.toThrow(/^the thread that counts cannot be started \(a bug\); /);
  expect(await Promise.all([run(2), run(3)])).toEqual([{ task: 2 }, { task: 3 }]);
  const missing = new LimitedThreads<unknown, unknown>(pathToFileURL('/nowhere/worker.mjs'), 'counts');
  await expect(missing.run(1, { milliseconds: 600_000, megabytes: 64 })).rejects.toThrow(
    /^the thread that counts cannot be started \(Cannot find module/,
  );
});

test('a damaged file is a bad pair by name before a training, within it, and in prepare', async () => {
  const folder = await temporaryFolder();
  // The address of the first object points into nothing.
  const damaged = Uint8Array.from(whole).fill(0xff, 64, 72);
  const path = join(folder, '1.h5');
  await writeFile(path, damaged);
  const pair = { kind: 'files' as const, name: 'entry 0', truth: `${path}#gt`, input: `${path}#haze` };
  const [bad] = await badPairsOf([pair]);
  expect(bad!.why).toMatch(/^pair "entry 0": .*1\.h5.*; replace the file$/);
  const options = { pairs: [pair], batch: 1, crop: 8, flip: false, order: 'list', visit: 'pair', seed: 1 } as const;
  const loader = new Loader(options);
  await expect(loader.batches(0).next()).rejects.toThrow(/1\.h5.*; replace the file$/);
  await loader.close();
  expect(await checkFile(path, [pair.truth])).toMatch(/1\.h5.*; replace the file$/);
});
