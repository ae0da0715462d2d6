import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPicture } from '@unweather/core-tensor';
import { readEvaluations } from '@unweather/eval';
import { type Command, type Ended, started } from './killed.js';
import { type Fixtures, HAZE } from './scenarios.js';

const run = promisify(execFile);

/** Trouble that a command meets. */
export interface Condition {
  readonly name: string;
  /**
   * Makes the trouble and runs commands in it.
   * @param folder fresh, for all files
   * @returns problems found; undefined if the trouble cannot be made here, as without the right to mount
   */
  meet(folder: string): Promise<string[] | undefined>;
}

/** Every condition, for folders of 12 pictures. */
export function conditions({ photos, meta }: Fixtures): Condition[] {
  const restore = (folder: string, out = join(folder, 'out'), from = photos): Command => ({
    ...{ cli: 'packages/unweather/dist/cli.js', cwd: folder },
    args: ['restore', from, '--model', 'haze', '--skip-existing', '--threads', '1', '-o', out],
  });
  const evaluation = (folder: string): Command => ({
    ...{ cli: 'packages/aecr/dist/cli.js', cwd: folder },
    args: ['eval', '--data', meta, '--weights', HAZE, '--threads', '1', '--out', join(folder, 'results')],
  });
  return [
    {
      name: 'a picture is deleted meanwhile',
      async meet(folder) {
        const own = join(folder, 'photos');
        await run('cp', ['-r', photos, own]);
        // The last of all, before the network is ready.
        const { child, ended } = started(restore(folder, undefined, own));
        child.stdout.once('data', () => void rm(join(own, '9.png')));
        return [
          ...expected(await ended, 1, ['9.png: cannot be read (no such file or folder)', '1 of 12 pictures failed']),
          ...(await whole(join(folder, 'out'), 11)),
        ];
      },
    },
    {
      name: 'the output folder may only be read',
      meet: (folder) =>
        onOwnDisk(join(folder, 'out'), 'ro,size=1m', async (out) => [
          ...expected(await started(restore(folder, out)).ended, 1, ['cannot write there (read-only file system)']),
          ...(await whole(out, 0)),
        ]),
    },
    {
      name: 'the disk is full',
      meet: (folder) =>
        onOwnDisk(join(folder, 'out'), 'size=32k', async (out) => {
          const full = await started(restore(folder, out)).ended;
          const problems = expected(full, 1, ['cannot be written (no space left on the device); free the space']);
          const written = (await readdir(out)).length;
          if (written === 0 || written === 12) problems.push(`${written} pictures fit on the disk`);
          problems.push(...(await whole(out, written)));
          await run('mount', ['-o', 'remount,size=1m', out]);
          problems.push(...expected(await started(restore(folder, out)).ended, 0, [`${12 - written} restored`]));
          return [...problems, ...(await whole(out, 12))];
        }),
    },
    {
      // Node opens the modules of a command all at once, before a line of ours has run.
      name: '40 files may be open',
      meet: async (folder) => [
        ...expected(await started({ ...asTyped(restore(folder)), descriptors: 40 }).ended, 1, [
          'error: too many open files; allow more, for instance with "ulimit -n 1024"',
        ]),
        ...(await whole(join(folder, 'out'), 0)),
      ],
    },
    {
      name: '256 files may be open',
      meet: async (folder) => [
        ...expected(await started({ ...asTyped(restore(folder)), descriptors: 256 }).ended, 0, ['12 restored']),
        ...(await whole(join(folder, 'out'), 12)),
      ],
    },
    {
      name: 'the thread of the network ends, restoring',
      meet: async (folder) => [
        ...expected(await withEnds(restore(folder), 'network', 1), 0, [REPLACED, '12 restored']),
        ...(await whole(join(folder, 'out'), 12)),
      ],
    },
    {
      name: 'the thread of the network ends twice, restoring',
      meet: async (folder) => [
        ...expected(await withEnds(restore(folder), 'network', 2), 1, [REPLACED, '1 of 12 pictures failed']),
        ...(await whole(join(folder, 'out'), 11)),
      ],
    },
    ...(['network', 'scoring'] as const).map((kind) => ({
      name: `a thread ends, evaluating: ${kind}`,
      async meet(folder: string) {
        const problems = expected(await withEnds(evaluation(folder), kind, 1), 0, [REPLACED]);
        for (const { network, records } of await readEvaluations(join(folder, 'results')))
          if (records.length !== 12) problems.push(`${network}: ${records.length} of 12 records`);
        return problems;
      },
    })),
  ];
}

/** A command as people type it. */
function asTyped(command: Command): Command {
  return { ...command, cli: 'packages/unweather/bin/unweather.js' };
}

const REPLACED = 'another one is started, and its work is done again';

/** Places where the threads of a kind end: the network's before an answer, the scoring ones where they hash a picture. */
const ENDS = {
  network: `const post = parentPort.postMessage.bind(parentPort);
    parentPort.postMessage = (message) => (message.result?.output && end(), post(message));`,
  scoring: `const { createHash } = crypto;
    crypto.createHash = (...of) => (end(), createHash(...of));
    syncBuiltinESMExports();`,
};

/** Runs a command whose threads of a kind end at their work, so many times in all. */
async function withEnds(command: Command, kind: keyof typeof ENDS, times: number): Promise<Ended> {
  const [hook, left] = [join(command.cwd, 'hook.mjs'), join(command.cwd, 'left')];
  await writeFile(left, String(times));
  await writeFile(
    hook,
    `import crypto from 'node:crypto';
    import { readFileSync, writeFileSync } from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { isMainThread, parentPort } from 'node:worker_threads';
    const end = () => {
      const left = Number(readFileSync(${JSON.stringify(left)}, 'utf8'));
      if (left === 0) return;
      writeFileSync(${JSON.stringify(left)}, String(left - 1));
      process.exit(7);
    };
    if (!isMainThread) {
      ${ENDS[kind]}
    }`,
  );
  return started({ ...command, env: { NODE_OPTIONS: `--import ${hook}` } }).ended;
}

/** Problems of a command that ended otherwise than expected. */
function expected({ status, output }: Ended, wanted: number, texts: readonly string[]): string[] {
  const missing = texts.filter((text) => !output.includes(text)).map((text) => `nothing says "${text}": ${output}`);
  return [...(status === wanted ? [] : [`ended with ${status}, not ${wanted}: ${output}`]), ...missing];
}

/** Problems of a folder that should hold so many whole pictures and nothing else. */
async function whole(folder: string, count: number): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const problems = names.length === count ? [] : [`${names.length} files, not ${count}: ${names}`];
  for (const name of names) await readPicture(join(folder, name)).catch((thrown) => void problems.push(String(thrown)));
  return problems;
}

/** Works on a small file system of its own, in memory; undefined if it may not be mounted. */
async function onOwnDisk(
  folder: string,
  options: string,
  work: (folder: string) => Promise<string[]>,
): Promise<string[] | undefined> {
  await mkdir(folder, { recursive: true });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  } catch {
    return undefined;
  }
  try {
    return await work(folder);
  } finally {
    await run('umount', [folder]);
  }
}
