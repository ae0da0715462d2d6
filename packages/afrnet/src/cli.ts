import { interruptible } from '@unweather/core-tensor';
import { type LogFormat, natural, positive } from '@unweather/core-tensor/command-line';
import { createReporter, engineOptions, logOption, runCli } from '@unweather/lab';
import { type Command, Option } from 'commander';
import { type DistillOptions, distill } from './study/distill.js';
import { study } from './study/study.js';

await runCli(study, { own: { more: addDistill } });

function addDistill(program: Command): void {
  engineOptions(program.command('distill'))
    .description('train a teacher and its student by their quick recipes, score both and time them')
    .addOption(new Option('--task <name>', 'what to remove').choices(Object.keys(study.tasks)).default('raindrop'))
    .option('--data <meta.json>', 'pairs to train on; default: the embedded photographs')
    .option('--held-out <meta.json>', 'pairs to score on; default: the embedded held-out photographs')
    .option('--root <folder>', 'folder the paths of the meta files are relative to; default: their own')
    .addOption(
      new Option('--steps <count>', 'training steps of each network, instead of the recipes’').argParser(positive),
    )
    .addOption(new Option('--seed <number>', 'random seed, instead of the recipes’').argParser(natural))
    .option('--out <folder>', 'output folder of both; default: runs/afrnet/TASK-distilled')
    .addOption(logOption())
    .action(async (options: Omit<DistillOptions, 'out'> & { out?: string; log: LogFormat }) => {
      const { log, out = `runs/afrnet/${options.task}-distilled` } = options;
      await interruptible((signal) => distill({ ...options, out }, createReporter(log), signal));
    });
}
