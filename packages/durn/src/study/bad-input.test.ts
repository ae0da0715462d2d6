import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initialState, writeCheckpoint } from '@unweather/core-tensor';
import { inProcess, temporaryFolder, writePairs } from '@unweather/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { DuRN_S } from '../networks/full-resolution.js';

const durn = inProcess(new URL('../cli.js', import.meta.url));

let folder: string;
let out: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await temporaryFolder();
  out = at('out');
  const subfolder = async (name: string) => {
    await mkdir(at(name));
    return at(name);
  };
  await writePairs(await subfolder('good'), [[64, 64]]);
  await writePairs(await subfolder('different'), [
    [64, 64],
    [64, 50],
  ]);
  await writePairs(await subfolder('small'), [
    [64, 64],
    [40, 40],
  ]);
  const broken = await writePairs(await subfolder('broken'), [[64, 64]]);
  const picture = join(broken, '..', 'rain-0.png');
  await writeFile(picture, (await readFile(picture)).subarray(0, 2000));
  await writeFile(at('meta-object.json'), '{"gt":"a"}');
  await writeFile(at('meta-missing.json'), '[["good/gt-0.png","good/none.png"]]');
  await writeFile(at('file'), 'text');
  const weights = initialState(new DuRN_S().parameters(), 1);
  const progress = { step: 0, seed: 0, recipe: {} };
  await writeCheckpoint(at('good.safetensors'), 'DuRN_S', weights, progress);
  await writeCheckpoint(at('other.safetensors'), 'DuRN_U', weights, progress);
  await writeFile(at('cut.safetensors'), (await readFile(at('good.safetensors'))).subarray(0, 1_000_000));
});

describe('each is one line on stderr, status 1, and nothing written', () => {
  test.each<[string, () => string[], RegExp]>([
    ['an unknown flag', () => ['train', '--stepz', '3'], /unknown option '--stepz'.*--steps/],
    [
      'a flag that is no number',
      () => ['train', '--steps', 'many'],
      /'--steps <count>' argument 'many' is invalid\. It must be a whole number/,
    ],
    ['no steps', () => ['train', '--steps', '0'], /It must be 1 or more/],
    ['an unknown command', () => ['trian'], /unknown command 'trian'.*train/],
    [
      'an unknown task',
      () => ['train', '--task', 'snow'],
      /'snow' is invalid\. Allowed choices are rain, raindrop, haze, blur, noise, real-noise/,
    ],
    [
      'an unknown recipe',
      () => ['train', '--recipe', 'fast'],
      /there is no recipe "fast"; choose one of quick, baseline, baseline-frozen, matched, veil, paper/,
    ],
    [
      'a recipe that needs data',
      () => ['train', '--recipe', 'paper'],
      /recipe "paper" needs a dataset of yours; give its meta file with --data/,
    ],
    [
      'a missing meta file',
      () => ['train', '--data', at('none.json')],
      /none\.json: cannot be read \(no such file or folder\); check the path of the meta file/,
    ],
    [
      'a meta file that is none',
      () => ['train', '--data', at('meta-object.json')],
      /meta-object\.json: .+ a meta file is a JSON list of pairs/,
    ],
    [
      'a missing picture',
      () => ['train', '--data', at('meta-missing.json')],
      /pair "entry 0": .+none\.png: cannot be read \(no such file or folder\); check the path/,
    ],
    [
      'a pair of two sizes',
      () => ['train', '--data', at('different/meta.json')],
      /pair "entry 1": .+gt-1\.png is 64×64, .+rain-1\.png is 50×50; a pair needs/,
    ],
    [
      'a picture smaller than the crop',
      () => ['train', '--data', at('small/meta.json')],
      /pair "entry 1": .+gt-1\.png is 40×40, smaller than the crop of 48×48; leave it out/,
    ],
    [
      'an unwritable folder',
      () => ['train', '--out', at('file/out')],
      /file\/out: cannot write there \(a part of the path is a file.*; choose another folder/,
    ],
    [
      'a missing checkpoint',
      () => ['train', '--resume', at('none.safetensors')],
      /none\.safetensors: cannot be read \(no such file/,
    ],
    [
      'a checkpoint of another network',
      () => ['train', '--resume', at('other.safetensors')],
      /other\.safetensors: it belongs to another network, DuRN_U; use a checkpoint of DuRN_S/,
    ],
    [
      'a truncated checkpoint',
      () => ['train', '--resume', at('cut.safetensors')],
      /cut\.safetensors: truncated: tensor ".+" ends at byte/,
    ],
    [
      'a checkpoint without a run',
      () => ['train', '--resume', at('good.safetensors')],
      /good\.safetensors: contains weights but no training run; resume from/,
    ],
    [
      'steps beside resume',
      () => ['train', '--resume', at('good.safetensors'), '--steps', '3'],
      /--resume goes on with the recipe, the seed, the weights and the network of its checkpoint; leave out/,
    ],
    [
      'a truncated picture to score',
      () => ['eval', '--weights', at('good.safetensors'), '--data', at('broken/meta.json')],
      /rain-0\.png: not a readable picture \(.+\); replace the file/,
    ],
    ['weights that are no checkpoint', () => ['eval', '--weights', at('file')], /file: not a file of weights/],
    [
      'a missing photo',
      () => ['restore', at('none.jpg'), '--weights', at('good.safetensors')],
      /none\.jpg: cannot be read \(no such file/,
    ],
    [
      'a photo to be written as BMP',
      () => ['restore', at('good/rain-0.png'), '--weights', at('good.safetensors'), '--out', at('clean.bmp')],
      /clean\.bmp: the name must end in \.png, \.jpg, \.webp, \.avif, \.tiff, \.gif; choose one of these formats/,
    ],
    [
      'a photo to be written as JPEG of 16 bits',
      () => [
        ...['restore', at('good/rain-0.png'), '--weights', at('good.safetensors')],
        ...['--out', at('clean.jpg'), '--depth', '16'],
      ],
      /clean\.jpg: jpg cannot store 16 bits per channel; write png or tiff, or leave out the depth/,
    ],
    [
      'a tile smaller than the network can take',
      () => ['restore', at('good/rain-0.png'), '--weights', at('good.safetensors'), '--tile', '8'],
      /rain-0\.png: tile is 8; give "auto" or a whole number of at least 16 pixels/,
    ],
    [
      'no weights to restore with',
      () => ['restore', at('good/rain-0.png'), '--task', 'noise'],
      /durn, noise: there are no weights \(no .+noise-quick\/checkpoint\.safetensors, and .+, or give some with --weights: a file, a URL, or a package of weights/,
    ],
    [
      'an export that is no .onnx file',
      () => ['export', '--weights', at('good.safetensors'), '--out', at('model.pb')],
      /model\.pb: the name must end in \.onnx/,
    ],
    [
      'a second phase without the first',
      () => ['train', '--task', 'raindrop', '--recipe', 'paper-phase-2', '--data', at('good/meta.json')],
      /recipe "paper-phase-2" goes on from trained weights; give them with --pretrained/,
    ],
    [
      'weights of another network to begin with',
      () => ['train', '--pretrained', at('other.safetensors')],
      /other\.safetensors: it belongs to another network, DuRN_U; use a checkpoint of DuRN_S/,
    ],
    [
      'weights of a package to begin with, of another network',
      () => ['train', '--pretrained', '@unweather/durn#rain'],
      /rain\.safetensors: it belongs to another network, VeilNet; use a checkpoint of DuRN_S/,
    ],
    [
      'weights of a package that is not there',
      () => ['train', '--pretrained', '@unweather/none#rain'],
      /@unweather\/none: neither a file nor an installed package of weights/,
    ],
    [
      'an unknown protocol',
      () => ['eval', '--protocol', 'psnr', '--weights', at('good.safetensors')],
      /there is no protocol "psnr"; choose one of durn-rain/,
    ],
    [
      'an explanation of no device in particular',
      () => ['train', '--explain', '--device', 'auto'],
      /--explain reports on one device of onnxruntime; choose it with --device/,
    ],
    [
      'a folder without goldens',
      () => ['parity', '--goldens', at('small')],
      /small: no golden file of DuRN_P, .+DuRN_S_P; give a folder/,
    ],
    [
      'a missing folder of goldens',
      () => ['parity', '--goldens', at('nowhere')],
      /nowhere: cannot be read \(no such file or folder\)/,
    ],
  ])('%s', async (_what, args, message) => {
    const given = args();
    const wantsOut = !given.includes('--out') && given[0] !== 'parity' && given[0] !== 'trian';
    const ended = await durn([
      ...given,
      ...(wantsOut ? ['--out', given[0] === 'restore' ? join(out, 'x.png') : out] : []),
    ]);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(ended.status).toBe(1);
    expect(await readdir(out).catch(() => [])).toEqual([]);
  });
});

test('help is printed for every command, with status 0', async () => {
  for (const command of [[], ['train'], ['eval'], ['parity'], ['restore'], ['export']]) {
    const ended = await durn([...command, '--help']);
    expect(ended.status).toBe(0);
    expect(ended.stdout).toContain('Usage: durn');
  }
});
