import {
  DEVICES,
  ENGINES,
  LOG_FORMATS,
  METADATA,
  natural,
  PICTURE_FORMATS,
  positive,
  tileSide,
} from '@unweather/core-tensor/command-line';
import { InvalidArgumentError, Option } from 'commander';
import { MODELS, WEATHERS } from './papers.js';

/** Options of `restore`, in the order in which they are listed. */
export const RESTORE_OPTIONS: readonly Option[] = [
  new Option(
    '-o, --out <file or folder>',
    'file to write for one photograph, else a folder; - for standard output',
  ).makeOptionMandatory(),
  modelOption(),
  new Option(
    '--weights <checkpoint>',
    'weights of that network: a file, a URL or a package; default: those of its package, else those trained in runs/',
  ),
  new Option(
    '--weights-key <key>',
    'where the weights are in their file, if in an unusual place: net_g, state.ema, or how their names begin',
  ),
  new Option('-r, --recursive', 'also read subfolders, and create the same ones in the output'),
  new Option('--skip-existing', 'skip pictures whose output exists'),
  new Option('--overwrite', 'allow an output to replace an input'),
  new Option('--format <name>', 'format of the outputs; default: by the ending of --out, or as each input').choices(
    PICTURE_FORMATS,
  ),
  new Option('--depth <bits>', 'bits per channel; 16 in PNG and TIFF (default: as each input)').choices(['8', '16']),
  new Option('--frame <number>', 'frame of an animation, or page, to restore, from 1 (default: all)').argParser(
    positive,
  ),
  new Option(
    '--metadata <what>',
    'what to keep of EXIF, XMP and GPS data: all, whose picture it is, or nothing (default: keep)',
  ).choices(METADATA),
  new Option('--quality <percent>', 'quality of JPEG, WebP and AVIF (default: 90)').argParser(percent),
  new Option(
    '--tile <pixels>',
    'side of the tiles of a large photograph; one as long as the photograph keeps it whole (default: auto)',
  ).argParser(tileSide),
  new Option('--overlap <pixels>', 'pixels that tiles share (default: what they need)').argParser(natural),
  new Option('--engine <name>', 'library that runs the network (default: onnxruntime)').choices(ENGINES),
  new Option('--device <name>', 'device to run on; auto takes the fastest that works (default: cpu)').choices([
    ...DEVICES,
    'auto',
  ]),
  new Option('--threads <count>', 'threads of one operation on the CPU (default: the cores it may use)').argParser(
    positive,
  ),
  new Option('--log <format>', 'output format; jsonl: one JSON object per line, for programs (default: text)').choices([
    ...LOG_FORMATS,
  ]),
  // An older spelling of --log jsonl, which scripts may still use.
  new Option('--json').hideHelp().implies({ log: 'jsonl' }),
];

/** Names that `--metrics` takes besides `all`; a test compares them with those that exist. */
export const METRIC_NAMES = [
  'psnr',
  'ssim',
  'mse',
  'mae',
  'ciede2000',
  'ms-ssim',
  'gmsd',
  'niqe',
  'brisque',
  'lpips',
] as const;

/** Options of `score`, in the order in which they are listed. */
export const SCORE_OPTIONS: readonly Option[] = [
  new Option('-t, --truth <folder>', 'folder of the truths; a picture and its truth have one name, endings aside'),
  new Option(
    '--input <folder>',
    'the degraded pictures, scored first; the evaluations that unweather-report reads are then written, too',
  ),
  new Option(
    '-p, --protocol <names>',
    'how psnr and ssim are computed, separated by commas: matlab, basicsr, basicsr-y, or a paper’s, such as durn-rain ' +
      '(default: basicsr)',
  ).argParser(names),
  new Option(
    '--metrics <names>',
    `separated by commas: ${METRIC_NAMES.join(', ')}; or all but lpips: all (default: psnr,ssim)`,
  ).argParser(names),
  new Option('--lpips <files...>', 'weights of lpips: torchvision’s of VGG16 or AlexNet, then lpips’ linear ones'),
  new Option(
    '--against <papers>',
    'published numbers to show beside, separated by commas, as PAPER:DATASET, such as durn:did-mdn',
  ).argParser(names),
  new Option('-r, --recursive', 'also read subfolders; pictures then pair by their paths'),
  new Option('-o, --out <folder>', 'folder for scores.csv, scores.json and scores.html'),
  new Option('--json', 'print one JSON object instead of tables'),
];

/** Names in a list, each once. */
function names(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].filter(Boolean);
}

/** Lists and completes the names, but accepts any: the look-up answers an unknown one with the nearest. */
function modelOption(): Option {
  return new Option('-m, --model <name>', 'network, or a weather: the first network for it that has weights')
    .choices([...MODELS.map(({ name }) => name), ...WEATHERS])
    .argParser((name: string) => name)
    .makeOptionMandatory();
}

function percent(text: string): number {
  const value = positive(text);
  if (value > 100) throw new InvalidArgumentError('It must be at most 100.');
  return value;
}
