import {
  type Device,
  type Engine,
  interruptible,
  type PictureFileFormat,
  runProgram,
  STANDARD,
  UserError,
} from '@unweather/core-tensor';
import {
  DEBUG_OPTION,
  type LogFormat,
  METADATA,
  type MetadataChoice,
  natural,
  outputError,
  PICTURE_FORMATS,
  positive,
  tileSide,
  versionOf,
} from '@unweather/core-tensor/command-line';
import { pick, usualWeightsText, WAYS } from '@unweather/model';
import { Command, Option } from 'commander';
import type { OnBadPair } from './bad-pairs.js';
import { evaluationCommand } from './evaluation/cli.js';
import { exportOnnx } from './export.js';
import type { OnNan } from './on-nan.js';
import {
  architectureOption,
  badPairOption,
  engineOptions,
  keepingOptions,
  logOption,
  nanOption,
  validationOptions,
  weightsKeyOption,
} from './options.js';
import { parity } from './parity/command.js';
import { createReporter } from './reporter.js';
import { restore } from './restore.js';
import type { Metric } from './run/validation.js';
import type { Study } from './study.js';
import { sweepCommand } from './sweep/cli.js';
import { recipeOf } from './train/starting-point.js';
import { checkpointIn, newestIn, train } from './train/train.js';

/**
 * A paper's command line: train, eval, parity, restore, export. Sets the exit status: 0, 1 after an error (one line on
 * stderr), 130 after Ctrl-C.
 */
export async function runCli(
  paper: Study,
  { argv = process.argv.slice(2), own = {} }: { argv?: readonly string[]; own?: OwnCommands } = {},
): Promise<void> {
  await runProgram(commands(paper, own), argv);
}

function commands(paper: Study, own: OwnCommands): Command {
  const program = new Command(paper.name)
    .description(paper.title)
    .version(versionOf(paper.home))
    .option(...DEBUG_OPTION)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ outputError });
  const [firstTask] = Object.keys(paper.tasks) as [string];
  const taskOption = () =>
    new Option('--task <name>', 'what to remove').choices(Object.keys(paper.tasks)).default(firstTask);
  if (own.train) own.train(program);
  else trainCommand(program, paper, taskOption);
  own.more?.(program);
  evaluationCommand(program, paper);
  sweepCommand(program, paper);

  program
    .command('parity')
    .description('compare the networks with golden values of the official code')
    .option('--goldens <folder>', 'default: the package’s own')
    .action(async ({ goldens }: { goldens?: string }) => {
      if (!(await parity(paper, goldens, (text) => process.stdout.write(`${text}\n`)))) process.exitCode = 1;
    });

  const restoration = engineOptions(program.command('restore'))
    .description('restore one photograph')
    .argument('<photo>', 'picture file; - for standard input')
    .option(
      '-o, --out <file>',
      'file to write: .png, .jpg, .webp, .avif, .tiff or .gif; - for standard output; default: PHOTO-restored.png',
    )
    .addOption(new Option('--format <name>', 'format of standard output (default: png)').choices(PICTURE_FORMATS))
    .addOption(taskOption())
    .option('--weights <checkpoint>', `${WAYS}; default: ${usualWeightsText(paper)}`)
    .addOption(weightsKeyOption())
    .addOption(
      new Option(
        '--tile <pixels>',
        'side of the tiles a large photograph is taken apart in, or auto; as long as the photograph: whole',
      )
        .argParser(tileSide)
        .default('auto'),
    )
    .addOption(new Option('--overlap <pixels>', 'what tiles share (default: what they need)').argParser(natural))
    .addOption(new Option('--depth <bits>', 'of .png and .tiff (default: that of the photo)').choices(['8', '16']))
    .addOption(
      new Option('--frame <number>', 'frame of an animation, or page, from 1 (default: all)').argParser(positive),
    )
    .addOption(
      new Option('--metadata <what>', 'what to keep of EXIF, XMP and GPS data (default: keep)').choices([...METADATA]),
    )
    .addOption(new Option('--quality <percent>', 'of .jpg, .webp and .avif (default: 90)').argParser(positive))
    .addOption(logOption())
    .action(async (photo: string, { depth, ...options }: Parsed) => {
      const named = photo === STANDARD ? STANDARD : `${photo.replace(/\.[^./\\]+$/, '')}-restored.png`;
      const { out = named, log } = options;
      const encoding = depth === undefined ? {} : ({ depth: depth === '16' ? 16 : 8 } as const);
      await interruptible((signal) =>
        restore(paper, photo, { ...options, ...encoding, out }, createReporter(log, streamOf(out)), signal),
      );
    });
  architectureOption(paper, restoration);
  const exporting = program
    .command('export')
    .description('write a trained network as an .onnx file that any runtime reads')
    .requiredOption('-o, --out <file.onnx>', 'file to write')
    .addOption(taskOption())
    .option('--weights <checkpoint>', `${WAYS}; default: ${usualWeightsText(paper)}`)
    .addOption(weightsKeyOption())
    .addOption(logOption())
    .action(async (options: Parsed & { out: string }) => {
      await exportOnnx(paper, options, createReporter(options.log));
    });
  architectureOption(paper, exporting);
  return program;
}

/** Stream for messages, beside a picture that goes to standard output. @throws UserError if that is a terminal */
function streamOf(out: string): NodeJS.WriteStream {
  if (out !== STANDARD) return process.stdout;
  if (process.stdout.isTTY)
    throw new UserError('standard output is a terminal; send it to a file or a program, or name a file with -o');
  return process.stderr;
}

/** Commands that a paper adds or replaces. */
export interface OwnCommands {
  /** Adds `train` in place of the shared one. */
  readonly train?: (program: Command) => void;
  /** Adds further commands. */
  readonly more?: (program: Command) => void;
}

function trainCommand(program: Command, paper: Study, taskOption: () => Option): void {
  const training = engineOptions(program.command('train'))
    .description('train a network and score it on pictures it never saw')
    .addOption(taskOption())
    .option(
      '--recipe <name or file>',
      'how to train: quick (embedded photographs), paper (the official settings), or a JSON file',
      'quick',
    )
    .option(
      '--set <key=value...>',
      'change the recipe: learningRate=1e-4, schedule.kind=constant, loss.weights.ssim=-2',
    )
    .option('--print-recipe', 'write the recipe, with its changes, and train nothing')
    .option(
      '--data <meta.json>',
      'pairs to train on, [["gt","input"], …], or a folder with gt and input; default: the embedded photographs',
    )
    .option(
      '--held-out <meta.json>',
      'pairs to score on at the end, or such a folder; default: the embedded held-out photographs',
    )
    .option('--validate <meta.json...>', 'sets to score during the training; default: the held-out pairs')
    .option('--root <folder>', 'folder the paths of the meta files are relative to; default: their own')
    .addOption(badPairOption())
    .addOption(nanOption())
    .option('--vgg <weights.pth>', 'torchvision’s VGG weights, for recipes with a perceptual or contrastive term')
    .option('--teacher <checkpoint>', `of the network that teaches, for recipes of a student: ${WAYS}`)
    .option('--explain', 'list the operators that run on the device and those that run on the CPU, and train nothing')
    .option('--dry-run', 'read everything, run two steps, print the time and memory to come, and keep nothing')
    .option('--out <folder>', `where checkpoint, tables and contact sheet go; default: runs/${paper.name}/TASK-RECIPE`)
    .addOption(new Option('--steps <count>', 'train for N steps instead of the recipe’s duration').argParser(positive))
    .option('--pretrained <checkpoint>', `begin with these weights instead of random ones: ${WAYS}`)
    .addOption(weightsKeyOption())
    .addOption(new Option('--seed <number>', 'random seed, instead of the recipe’s').argParser(natural))
    .option(
      '--resume [checkpoint]',
      'go on from a checkpoint as if the run had never stopped; auto: from the newest whole one in the output folder, or ' +
        'begin if there is none; default: the one in the output folder',
    )
    .addOption(logOption())
    .action(async (options: Parsed) => {
      const { task, log } = options;
      const recipe = await recipeOf(pick('task', paper.tasks, task), options);
      if (options.printRecipe) return void process.stdout.write(`${JSON.stringify(recipe, null, 2)}\n`);
      const { out = `runs/${paper.name}/${task}-${recipe.name}`, resume: asked, ...others } = options;
      const reporter = createReporter(log);
      const auto = asked === 'auto';
      const found = auto ? await newestIn(out, reporter) : asked;
      const resume = found === true ? checkpointIn(out) : found;
      const training = { ...others, out, ...(resume !== undefined && { resume }), sameOptions: auto };
      // A training that stopped for another reason than a signal has done what was asked.
      await interruptible(async (signal) => (await train(paper, training, reporter, signal)) || !signal.aborted);
    });
  keepingOptions(validationOptions(training));
  architectureOption(paper, training);
}

/** Options as commander parses them; each command defines which ones it takes. */
interface Parsed {
  readonly task: string;
  readonly recipe: string;
  readonly set?: readonly string[];
  readonly printRecipe?: boolean;
  readonly log: LogFormat;
  readonly data?: string;
  readonly heldOut?: string;
  readonly validate?: readonly string[];
  readonly validateEvery?: number;
  readonly keepBest?: Metric;
  readonly keepLast?: number;
  readonly stopAfterNoGain?: number;
  readonly maxTime?: number;
  readonly root?: string;
  readonly onBadPair?: OnBadPair;
  readonly onNan?: OnNan;
  readonly out?: string;
  readonly steps?: number;
  readonly seed?: number;
  readonly resume?: string | true;
  readonly weights?: string;
  readonly vgg?: string;
  readonly teacher?: string;
  readonly pretrained?: string;
  readonly weightsKey?: string;
  readonly architecture?: string;
  readonly explain?: boolean;
  readonly dryRun?: boolean;
  readonly tile?: number | 'auto';
  readonly overlap?: number;
  readonly depth?: string;
  readonly frame?: number;
  readonly metadata?: MetadataChoice;
  readonly quality?: number;
  readonly format?: PictureFileFormat;
  readonly engine: Engine;
  readonly device: Device | 'auto';
  readonly threads?: number;
}
