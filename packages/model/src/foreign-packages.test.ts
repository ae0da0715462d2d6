import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { initialState, readCheckpoint, writeSafetensors } from '@unweather/core-tensor';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ForeignPackage, InstalledModel } from './entry.js';
import { hashByName } from './foreign-packages.js';
import { loaderOf } from './load.js';
import { locateWeights } from './locate-weights.js';
import { temporaryFolder } from './test-support.js';
import { checkpoints, small } from './test-support.small.js';
import { foreignWeights, noWeights, ownWeights, quickWeights, usualWeights, usualWeightsText } from './weights.js';

const photo = fileURLToPath(new URL('../../datasets/embedded/held-out/city.png', import.meta.url));
const NAME = '@someone/weights';
let files: Awaited<ReturnType<typeof checkpoints>>;
let known: ForeignPackage;
let model: InstalledModel<'same' | 'small'>;
let before: string;
beforeEach(async () => {
  files = await checkpoints();
  const { weights } = await readCheckpoint(files.same, 'same', small.networks.same!.create().parameters());
  known = {
    ...{ name: NAME, version: '1.2.3', file: 'models/net.other', sha256: hashByName(weights) },
    card: new URL('file:///paper/WEIGHTS.md'),
  };
  model = {
    ...small,
    home: pathToFileURL(`${join(files.folder, 'paper')}/`),
    foreign: {
      matches: (path) => path.endsWith('.other'),
      read: readCheckpoint,
      packages: { same: known },
    },
  };
  before = process.cwd();
  process.chdir(files.folder);
});
afterEach(() => process.chdir(before));

/** Installs the package below a folder, with a checkpoint under the name that its author chose. */
async function install(folder: string, { version = '1.2.3', checkpoint = files.same } = {}): Promise<string> {
  const home = join(folder, 'node_modules', NAME);
  await mkdir(join(home, 'models'), { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ name: NAME, version, license: 'MIT', exports: {} }));
  await cp(checkpoint, join(home, 'models/net.other'));
  return home;
}

const opened = async (options: object = {}) => {
  await using loaded = await loaderOf(model)({ threads: 1, ...options });
  return [loaded.weights, (await loaded.restore(photo)).width] as const;
};

test('a package that is not installed is told with the command that installs it, and the other way', async () => {
  await expect(opened()).rejects.toThrow(
    'paper, same: @someone/weights is not installed; run "npm i @someone/weights@1.2.3", or give some by ' +
      'load({ weights }): a file, a URL, or a package of weights',
  );
  expect(noWeights(model, 'same').message).toMatch(
    /run "npm i @someone\/weights@1\.2\.3", or give some with --weights/,
  );
  await expect(opened({ weights: NAME })).rejects.toThrow(
    '@someone/weights: it is not installed; run "npm i @someone/weights@1.2.3", or name a file of weights with ' +
      '--weights FILE',
  );
  // A task without such a package is trained.
  expect(noWeights(model, 'small').message).toContain('there are no weights');
});

test('an installed package is found from the working directory, and says its version and licence', async () => {
  const home = await install(files.folder);
  expect(await opened()).toEqual(['@someone/weights 1.2.3, MIT', 192]);
  expect(await opened({ weights: NAME })).toEqual(['@someone/weights 1.2.3, MIT', 192]);
  expect(await locateWeights(model, NAME)).toEqual({
    ...{ path: join(home, 'models/net.other'), shown: '@someone/weights 1.2.3, MIT', licence: 'MIT' },
    ...{ card: '/paper/WEIGHTS.md', foreign: known },
  });
  // The same file works without the package.
  expect((await opened({ weights: join(home, 'models/net.other') }))[0]).toBe(join(home, 'models/net.other'));
});

test('a package is found beside the paper’s own, too', async () => {
  await install(join(files.folder, 'paper'));
  process.chdir(await temporaryFolder());
  expect((await opened())[0]).toBe('@someone/weights 1.2.3, MIT');
});

test('another version and other tensors are refused', async () => {
  await install(files.folder, { version: '2.0.0' });
  await expect(opened()).rejects.toThrow(
    /^@someone\/weights: version 2\.0\.0 is installed, whose weights are not known; run "npm i @someone\/weights@1\.2\.3", or name a file of weights with --weights .*net\.other$/,
  );
  const other = join(files.folder, 'other.safetensors');
  const tensors = initialState(small.networks.same!.create().parameters(), 2);
  await writeSafetensors(other, { tensors, metadata: {} });
  await install(files.folder, { checkpoint: other });
  await expect(opened()).rejects.toThrow(
    `net.other: the SHA-256 of its tensors is ${hashByName(tensors)}, expected ${known.sha256}; install it again: ` +
      '"npm i @someone/weights@1.2.3"',
  );
});

test('the package comes before the user’s quick training, and is never among the weights of our own', async () => {
  const quick = quickWeights(model, 'same');
  await mkdir(dirname(quick), { recursive: true });
  await cp(files.same, quick);
  expect([await foreignWeights(model, 'same'), await usualWeights(model, 'same')]).toEqual([undefined, quick]);
  await install(files.folder);
  expect([await foreignWeights(model, 'same'), await usualWeights(model, 'same')]).toEqual([NAME, NAME]);
  expect(await ownWeights(model, 'same')).toBe(quick);
  expect(await foreignWeights(model, 'small')).toBeUndefined();
  expect(usualWeightsText(model)).toBe(
    'what the package carries, else those of @someone/weights, else runs/paper/TASK-quick/checkpoint.safetensors',
  );
});
