import { choicesText, interruptible, UserError } from '@unweather/core-tensor';
import type { LogFormat } from '@unweather/core-tensor/command-line';
import { generalProtocols, METRICS, type Shard } from '@unweather/eval';
import { quickWeights, WAYS } from '@unweather/model';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { architectureOption, engineOptions, logOption, weightsKeyOption } from '../options.js';
import { createReporter } from '../reporter.js';
import type { Study } from '../study.js';
import { type EvalOptions, evalCommand } from './command.js';

/** `eval`: scores checkpoints and writes the tables. */
export function evaluationCommand(program: Command, paper: Study): void {
  const command = engineOptions(program.command('eval'))
    .description('score checkpoints and write the tables')
    .addOption(
      new Option('--task <name>', 'what to remove; default: every task that has weights').choices(
        Object.keys(paper.tasks),
      ),
    )
    .option(
      '--weights <checkpoint>',
      `${WAYS}; default: what the package carries and all that training wrote, such as ${quickWeights(paper, 'TASK')}`,
    )
    .addOption(weightsKeyOption())
    .option(
      '--data <meta.json>',
      'pairs to score on, or a folder with gt and input; default: prepared datasets, or the embedded photographs',
    )
    .option('--root <folder>', 'folder the paths of the meta file are relative to; default: its own')
    .option('--meta <folder>', 'folder of the meta files that "unweather-datasets prepare" wrote', 'meta')
    .option('--dataset <name>', 'score on this prepared dataset only, or on "embedded"')
    .option('--protocol <name>', protocolHelp(paper))
    .addOption(new Option('--metrics <names>', metricsHelp()).argParser(metricNames))
    .addOption(
      new Option(
        '--shard <i/n>',
        'score every n-th picture from the i-th; "unweather-report merge" merges the shards',
      ).argParser(shard),
    )
    .option(
      '--lpips <files...>',
      'also compute LPIPS: torchvision’s weights of VGG16 or AlexNet, then lpips’ linear ones',
    )
    .option('--no-baselines', 'leave out the simple baselines on the same pictures')
    .option('--explain', 'list the operators that run on the device and those that run on the CPU, and score nothing')
    .option('--out <folder>', 'output folder of the tables', 'results')
    .addOption(logOption())
    .action(async ({ log, ...options }: EvalOptions & { log: LogFormat }) => {
      if (options.lpips !== undefined && options.lpips.length !== 2)
        throw new UserError('--lpips takes two files: the network’s weights, then the linear ones');
      await interruptible((signal) => evalCommand(paper, options, createReporter(log), signal));
    });
  architectureOption(paper, command);
}

function protocolHelp({ tasks }: Study): string {
  const protocols = [...Object.values(tasks).flatMap((task) => task.protocols), ...generalProtocols];
  const names = new Set(protocols.map(({ name }) => name));
  const splits = Object.values(tasks).flatMap(({ benchmarks }) => Object.entries(benchmarks));
  const usual = splits.map(([split, protocol]) => `${split} by ${protocol}`);
  const defaults = [...usual, 'other pairs by the task’s first'];
  return `protocol for the scores: ${[...names].join(', ')}; default: ${defaults.join(', ')}`;
}

function metricsHelp(): string {
  return `metrics in addition to the protocol’s, separated by commas: ${Object.keys(METRICS).join(', ')}; or all`;
}

function metricNames(text: string): string[] {
  const names = text === 'all' ? Object.keys(METRICS) : text.split(',').map((name) => name.trim());
  for (const name of names)
    if (!Object.hasOwn(METRICS, name))
      throw new InvalidArgumentError(`There is no metric "${name}"; choose from ${choicesText(Object.keys(METRICS))}.`);
  return [...new Set(names)];
}

/** Parses `--shard`. */
export function shard(text: string): Shard {
  const [index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).slice(1).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of)
    throw new InvalidArgumentError('It must be like 2/8: the second of eight.');
  return { index, of };
}
