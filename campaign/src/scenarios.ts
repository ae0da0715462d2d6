import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  exists,
  messageOf,
  Random,
  readMetadata,
  readPicture,
  readTensorFile,
  UserError,
  writePng,
} from '@unweather/core-tensor';
import { readEvaluations, readJournal } from '@unweather/eval';
import type { Command } from './killed.js';
import type { Scenario } from './kills.js';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));

/** Weights that restore haze. */
export const HAZE = join(packages, 'aecr/weights/haze.safetensors');
/** Training of a command. */
export interface TrainingSettings {
  /** Meta file of the pairs to train and to score on. */
  readonly meta: string;
  readonly out: string;
  readonly cwd: string;
  readonly steps: number;
  readonly saveEvery: number;
  /** Threads per operation; default: 1. */
  readonly threads?: number;
}

/** Command of the smallest training: patches of 32 pixels, one at a time. @param more further arguments */
export function trainingOf(settings: TrainingSettings, more: readonly string[] = []): Command {
  const { meta, out, cwd, steps, saveEvery, threads = 1 } = settings;
  const changes = ['crop=32', 'laterCrops=[]', 'batch=1', 'needsData=false', `saveEvery=${saveEvery}`];
  const own = more.includes('--resume') ? [] : ['--set', ...changes, '--steps', String(steps)];
  const data = ['--data', meta, '--held-out', meta, '--threads', String(threads), '--log', 'jsonl', '--out', out];
  return {
    cli: 'packages/aecr/dist/cli.js',
    cwd,
    args: ['train', '--recipe', 'koschmieder', ...own, ...data, ...more],
  };
}

/** Steps between the checkpoints of the training that is killed. */
const SAVE_EVERY = 4;
/** Pictures of the evaluation and of the folder. */
const PICTURES = 12;

/** Pictures, pairs and a download, which every run of a scenario reads. */
export interface Fixtures {
  readonly photos: string;
  readonly meta: string;
  readonly download: string;
}

/** Writes the fixtures to a folder: noise of 48×40, the same at every call. */
export async function fixturesIn(folder: string): Promise<Fixtures> {
  const photos = join(folder, 'photos');
  const download = join(folder, 'download');
  await mkdir(photos, { recursive: true });
  await mkdir(join(download, 'ITS_train'), { recursive: true });
  const pairs: [string, string][] = [];
  for (let i = 0; i < PICTURES; i++) {
    const random = new Random(i);
    const data = Uint8Array.from({ length: 48 * 40 * 3 }, () => random.integer(256));
    await writePng(join(photos, `${i}.png`), { width: 48, height: 40, data });
    pairs.push([`${i}.png`, `${i}.png`]);
    await copyFile(join(packages, 'datasets/goldens/pair.h5'), join(download, 'ITS_train', `${i + 1}.h5`));
  }
  const meta = join(photos, 'meta.json');
  await writeFile(meta, JSON.stringify(pairs));
  return { photos, meta, download };
}

/**
 * Everything that is killed.
 * @param url of a file of weights on a server that is slow, for the cache
 */
export function scenarios({ photos, meta, download }: Fixtures, url: string): Scenario[] {
  return [
    {
      name: 'training',
      async commands(folder) {
        const out = join(folder, 'run');
        const resume = (await exists(join(out, 'checkpoint.safetensors'))) ? ['--resume'] : [];
        const begun = { meta, out, cwd: folder, steps: 40, saveEvery: SAVE_EVERY };
        return [trainingOf(begun, resume)];
      },
      writesIn: (folder) => join(folder, 'run'),
      async left(folder, [output = '']) {
        const out = join(folder, 'run');
        const problems = await each(await filesIn(out, /\.safetensors$/), (file) => readTensorFile(file));
        const reported = Number(
          output
            .match(/"step":(\d+)/g)
            ?.at(-1)
            ?.match(/\d+/)?.[0] ?? 0,
        );
        const path = join(out, 'checkpoint.safetensors');
        const saved = (await exists(path)) ? Number((await readMetadata(path)).step) : 0;
        // A state is written once the loss of the next step proves it.
        const lost = reported - saved;
        return lost > SAVE_EVERY + 1
          ? [...problems, `lost ${lost} steps: ${reported} reported, ${saved} saved`]
          : problems;
      },
      async result(folder) {
        const files = await filesIn(join(folder, 'run'), /^(checkpoint|average)\.safetensors$|\.csv$/);
        return hashOf(files);
      },
    },
    {
      name: 'evaluation',
      commands: async (folder) => [
        {
          ...{ cli: 'packages/aecr/dist/cli.js', cwd: folder },
          args: ['eval', '--data', meta, '--weights', HAZE, '--threads', '1', '--out', join(folder, 'results')],
        },
      ],
      writesIn: (folder) => join(folder, 'results'),
      async left(folder) {
        const out = join(folder, 'results');
        return each(await filesIn(out, /\.(jsonl|json)$/), async (file) => {
          if (!file.endsWith('.jsonl')) return void JSON.parse(await readFile(file, 'utf8'));
          const records = (await readJournal(file))?.records ?? [];
          const names = new Set(records.map(({ picture }) => picture));
          if (names.size !== records.length) throw new UserError('a picture is there twice');
        });
      },
      async result(folder) {
        const evaluations = await readEvaluations(join(folder, 'results'));
        return JSON.stringify(evaluations.map(({ network, records, summary }) => ({ network, records, summary })));
      },
    },
    {
      name: 'folder with --skip-existing',
      commands: async (folder) => [
        {
          ...{ cli: 'packages/unweather/dist/cli.js', cwd: folder },
          args: ['restore', photos, '--model', 'haze', '--skip-existing', '--threads', '1', '-o', join(folder, 'out')],
        },
      ],
      writesIn: (folder) => join(folder, 'out'),
      left: async (folder) => each(await filesIn(join(folder, 'out'), /^[^.]/), (file) => readPicture(file)),
      async result(folder) {
        const files = await filesIn(join(folder, 'out'), /./);
        return `${files.length} ${await hashOf(files)}`;
      },
    },
    {
      name: 'datasets:prepare',
      commands: async (folder) => [
        {
          ...{ cli: 'packages/datasets/dist/cli.js', cwd: folder },
          args: ['prepare', 'its-h5', '--root', download, '--out', join(folder, 'meta')],
        },
      ],
      writesIn: (folder) => join(folder, 'meta'),
      left: async (folder) =>
        each(await filesIn(join(folder, 'meta', 'its-h5'), /^[^.].*\.json$/), async (file) => {
          const value = JSON.parse(await readFile(file, 'utf8')) as { pairs?: number } | unknown[];
          const count = Array.isArray(value) ? value.length : value.pairs;
          if (count !== PICTURES) throw new UserError(`holds ${count} of ${PICTURES} pairs`);
        }),
      result: async (folder) => hashOf(await filesIn(join(folder, 'meta', 'its-h5'), /./)),
    },
    {
      name: 'weights cache, two processes',
      async commands(folder) {
        const env = { UNWEATHER_CACHE: join(folder, 'cache') };
        const one = { cli: 'packages/weights/dist/cli.js', cwd: folder, args: ['get', url], env };
        return [one, one];
      },
      writesIn: (folder) => join(folder, 'cache'),
      async left(folder) {
        const cache = join(folder, 'cache');
        return each(await foldersIn(cache), async (entry) => {
          const record = join(entry, 'download.json');
          if (!(await exists(record))) return;
          const { file, sha256 } = JSON.parse(await readFile(record, 'utf8')) as Record<string, string>;
          const path = join(entry, file!);
          // The record goes before its file and comes after it.
          if (!(await exists(path)) || (await hashOf([path])) !== sha256) throw new UserError('not the recorded file');
        });
      },
      async result(folder) {
        const [entry] = await foldersIn(join(folder, 'cache'));
        return hashOf(await filesIn(entry!, /\.safetensors$/));
      },
    },
  ];
}

async function each(paths: readonly string[], look: (path: string) => Promise<unknown>): Promise<string[]> {
  const problems: string[] = [];
  for (const path of paths) await look(path).catch((thrown) => void problems.push(`${path}: ${messageOf(thrown)}`));
  return problems;
}

async function filesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return names
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(folder, name));
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** SHA-256 of files, one after another. */
async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(await readFile(path));
  return hash.digest('hex');
}
