import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBundle } from '@unweather/afrnet';
import {
  decodePicture,
  encodePicture,
  FRAME_FORMATS,
  type Frame,
  float32,
  PICTURE_FORMATS,
  type PictureFileFormat,
  Random,
  readCheckpoint,
  readNpz,
  readTensorFile,
  writeCheckpoint,
} from '@unweather/core-tensor';
import { openPicture, type Prepared, preparedSplits, readMeta, readRegistry } from '@unweather/datasets';
import { type EvaluationContext, Journal, readEvaluation, readJournal, writeEvaluation } from '@unweather/eval';

/** A kind of file: some that are whole, and how ours reads them. */
export interface Format {
  /** Name of the file that is changed, in its folder. */
  readonly file: string;
  /** Whole files, each of a few kilobytes. @param folder for files of its own, and for those beside */
  whole(folder: string): Promise<readonly Uint8Array[]>;
  /** Reads the changed file, all of it. @throws UserError for whatever is wrong with it */
  read(path: string, folder: string): Promise<unknown>;
}

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));

/** Every format, by its name on the command line. */
export const FORMATS: Readonly<Record<string, Format>> = {
  ...Object.fromEntries(PICTURE_FORMATS.map((format) => [format, picture(format)])),
  safetensors: {
    file: 'x.safetensors',
    whole: async (folder) => {
      const path = join(folder, 'whole.safetensors');
      const state = new Map([
        [
          'w',
          float32(
            Float32Array.from({ length: 64 }, (_, i) => i / 64),
            [4, 4, 4],
          ),
        ],
        ['b', float32(Float32Array.of(1, 2), [2])],
      ]);
      await writeCheckpoint(path, 'Net', state, { step: 3, seed: 1, recipe: { a: [1, 'two'] } });
      return [await readFile(path)];
    },
    async read(path) {
      const { tensors } = await readTensorFile(path);
      const parameters = [...tensors].map(([name, { shape, dtype }]) => [name, { name, shape, dtype }] as const);
      return readCheckpoint(path, 'Net', new Map(parameters) as never);
    },
  },
  pth: checkpoints('x.pth', ['zip.pth', 'params.pth', 'module.pth', 'types.pth', 'views.pth', 'protocol4.pt']),
  'legacy-pth': checkpoints('x.pth', ['legacy.pth', 'types-legacy.pth', 'views-legacy.pk', 'network-legacy.pt']),
  npz: {
    file: 'x.npz',
    whole: () => goldens('core-tensor/goldens/checkpoints', ['arrays.npz', 'arrays-compressed.npz']),
    read: (path) => readNpz(path),
  },
  'tensorflow-index': {
    file: 'small.index',
    async whole(folder) {
      const beside = 'small.data-00000-of-00001';
      await copyFile(join(packages, 'afrnet/goldens/tensorflow', beside), join(folder, beside));
      return goldens('afrnet/goldens/tensorflow', ['small.index']);
    },
    read: (path) => readBundle(path),
  },
  hdf5: {
    file: 'x.h5',
    whole: () => goldens('datasets/goldens', ['pair.h5']),
    async read(path) {
      const one = ['gt', 'haze', 'bytes'];
      for (const dataset of one) await openPicture(`${path}#${dataset}`);
    },
  },
  meta: {
    file: 'meta.json',
    whole: async () => [
      Buffer.from('[["gt/1.png","rain/1.png"],["gt/2.png#left","rain/2.png#right"],["a.h5#gt","a.h5#haze"]]'),
      Buffer.from('\ufeff[["gt\\\\1.png","rain\\\\1.png"],["t.png#centre-620x460","i.png"]]'),
      Buffer.from('\ufeff[["gt/1.png","rain/1.png"]]', 'utf16le'),
    ],
    read: (path) => readMeta(path),
  },
  sidecar: {
    file: join('set', 'test.info.json'),
    whole: async () => [Buffer.from(JSON.stringify(sidecar))],
    read: (_path, folder) => preparedSplits(folder),
  },
  'datasets.json': {
    file: 'datasets.json',
    whole: async () => [await readFile(fileURLToPath(new URL('../../datasets.json', import.meta.url)))],
    read: (path) => readRegistry(path),
  },
  results: {
    file: 'x.json',
    whole: async (folder) => {
      const out = join(folder, 'whole');
      await mkdir(out, { recursive: true });
      const [file] = await writeEvaluation(out, context, [record('a'), record('b')], []);
      return [await readFile(file!)];
    },
    read: (path) => readEvaluation(path),
  },
  journal: {
    file: 'x.jsonl',
    whole: async (folder) => {
      const path = join(folder, 'whole.jsonl');
      await (await Journal.begin(path, context, { index: 1, of: 2 }, ['a', 'b', 'c'].map(record))).close();
      return [await readFile(path)];
    },
    read: (path) => readJournal(path),
  },
};

function checkpoints(file: string, names: readonly string[]): Format {
  return { file, whole: () => goldens('core-tensor/goldens/checkpoints', names), read: (path) => readTensorFile(path) };
}

function goldens(folder: string, names: readonly string[]): Promise<Buffer[]> {
  return Promise.all(names.map((name) => readFile(join(packages, folder, name))));
}

/** Pictures with what a format can hold: opacity, 16 bits, frames, EXIF data. */
function picture(format: PictureFileFormat): Format {
  return {
    file: `x.${format}`,
    async whole() {
      const frame = (seed: number): Frame => ({ picture: noise(seed) });
      const alpha = noise(9).data.slice(0, 24 * 16);
      const plain = [frame(1), ...(format === 'jpg' ? [] : [{ ...frame(2), alpha }])];
      const files = plain.map((one) => encodePicture({ ...one, depth: 8 }, format));
      if (format === 'png' || format === 'tiff')
        files.push(encodePicture({ ...frame(3), depth: 16 }, format, { depth: 16 }));
      if (FRAME_FORMATS.includes(format))
        files.push(
          encodePicture(
            { ...frame(4), depth: 8, further: { frames: [frame(5), frame(6)], delay: [50, 50, 50] } },
            format,
          ),
        );
      return Promise.all(files);
    },
    read: async (path) => decodePicture(await readFile(path), path),
  };
}

function noise(seed: number) {
  const random = new Random(seed);
  return { width: 24, height: 16, data: Uint8Array.from({ length: 24 * 16 * 3 }, () => random.integer(256)) };
}

const sidecar: Prepared = {
  ...{ format: 1, dataset: 'set', split: 'test', root: 'data', pairs: 2, expected: 3, notes: ['one'] },
  leftOut: [{ files: ['a.png'], why: 'damaged' }],
  files: { 'a.png': 'ab'.repeat(32), 'b.png': 'cd'.repeat(32) },
};

const context: EvaluationContext = {
  ...{ format: 1, paper: 'durn', title: 'P', task: 'rain', taskTitle: 'rain', network: 'N', baseline: false },
  ...{ dataset: 'did-mdn', split: 'test', benchmark: true, pairs: 3, expected: null, notes: ['one'], metrics: [] },
  ...{ protocol: { name: 'y', description: 'Y.' }, weights: { file: 'w.pth', sha256: 'ab'.repeat(32) } },
  provenance: {
    ...{ date: '2026-12-01T00:00:00.000Z', commit: null, versions: { node: 'v20' }, engine: 'none', cpu: 'none' },
    ...{ threads: 1, platform: 'none' },
  },
};

function record(name: string) {
  const scores = { psnr: 20.5, ssim: 0.75, ssimJs: 0.75 };
  return { picture: name, condition: 'heavy', scene: name, key: name, input: scores, restored: scores };
}
