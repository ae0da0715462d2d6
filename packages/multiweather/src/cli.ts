import { interruptible } from '@unweather/core-tensor';
import { type LogFormat, natural, positive } from '@unweather/core-tensor/command-line';
import {
  badPairOption,
  createReporter,
  engineOptions,
  keepingOptions,
  logOption,
  nanOption,
  runCli,
  validationOptions,
  weightsKeyOption,
} from '@unweather/lab';
import { type Command, Option } from 'commander';
import { type InferOptions, infer } from './study/infer.js';
import { recipeOf, recipes } from './study/recipes.js';
import { study } from './study/study.js';
import { resumedRecipe, type TrainOptions, train } from './study/train.js';

await runCli(study, { own: { train: addTrain, more: addInfer } });

function addTrain(program: Command): void {
  keepingOptions(validationOptions(engineOptions(program.command('train'))))
    .description('train teachers, and one student by their knowledge; score it under every weather')
    .addOption(
      new Option('--stage <name>', 'all: teachers, then the student')
        .choices(['all', 'teacher', 'student'])
        .default('all'),
    )
    .option('--weather <name>', 'teacher to train: haze, snow, rain, or the name of a meta file')
    .option(
      '--teachers <names...>',
      'checkpoints, or models of other packages (maxim:rain); default: the checkpoints of the output folder',
    )
    .option('--recipe <name or file>', `how to train: ${Object.keys(recipes).join(', ')}, or a JSON file`, 'quick')
    .option('--set <key=value...>', 'change the recipe: rate=1e-3, examinationEpochs=8')
    .option('--print-recipe', 'write the recipe, with its changes, and train nothing')
    .option('--meta-train <folder>', 'a meta file for each weather; default: the embedded photographs')
    .option('--meta-valid <folder>', 'likewise, for scoring')
    .option('--root <folder>', 'folder the paths of the meta files are relative to; default: the working directory')
    .addOption(badPairOption())
    .addOption(nanOption())
    .option('--vgg <weights.pth>', 'torchvision’s VGG19 weights, for the contrastive terms')
    .option('--out <folder>', 'where checkpoints, tables and contact sheet go; default: runs/multiweather/RECIPE')
    .addOption(
      new Option('--steps <count>', 'train every network for N steps instead of the recipe’s epochs').argParser(
        positive,
      ),
    )
    .addOption(new Option('--seed <number>', 'random seed, instead of the recipe’s').argParser(natural))
    .addOption(
      new Option(
        '--resume [auto]',
        'go on from the checkpoints in the output folder; auto: from the newest whole ones, or begin if there is none',
      ).choices(['auto']),
    )
    .addOption(logOption())
    .action(async (options: Omit<TrainOptions, 'out'> & { out?: string; log: LogFormat; printRecipe?: boolean }) => {
      const chosen = await recipeOf(options);
      if (options.printRecipe) return void process.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`);
      const { out = `runs/multiweather/${chosen.name}`, log } = options;
      const reporter = createReporter(log);
      const { resume, ...others } = options;
      const found = resume && (await resumedRecipe(out, options, chosen, reporter));
      const going = { ...others, out, ...(found && { resume }) };
      // A training that stopped for another reason than a signal has done what was asked.
      await interruptible(async (signal) => (await train(found || chosen, going, reporter, signal)) || !signal.aborted);
    });
}

function addInfer(program: Command): void {
  engineOptions(program.command('infer'))
    .description('restore every picture of a folder as the official inference does')
    .requiredOption('--dir <folder>', 'pictures')
    .requiredOption('--checkpoint <file>', 'weights')
    .addOption(weightsKeyOption())
    .requiredOption('--save-dir <folder>', 'where the results go')
    .addOption(logOption())
    .action(async (options: InferOptions & { log: LogFormat }) => {
      await interruptible((signal) => infer(options, createReporter(options.log), signal));
    });
}
