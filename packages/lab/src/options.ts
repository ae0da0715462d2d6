import { DEVICES, ENGINES } from '@unweather/core-tensor';
import { LOG_FORMATS, natural, positive } from '@unweather/core-tensor/command-line';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ON_BAD_PAIR } from './bad-pairs.js';
import { ON_NAN } from './on-nan.js';
import { METRICS } from './run/validation.js';
import type { Study } from './study.js';

// Options shared by several commands.

/** Adds `--architecture`, for papers whose networks are found by a search. */
export function architectureOption({ found }: Study, command: Command): void {
  if (found === undefined) return;
  command.option(
    '--architecture <architecture.json>',
    'description of the network; checkpoints written by this program contain their own',
  );
}

/** Makes `--weights-key`, for every command that reads weights of others. */
export function weightsKeyOption(): Option {
  return new Option(
    '--weights-key <key>',
    'where the weights are in their file, if in an unusual place: net_g, state.ema, or how their names begin',
  );
}

/** Makes `--log`, for every command that takes long. */
export function logOption(): Option {
  return new Option('--log <format>', 'output format').choices([...LOG_FORMATS]).default('text');
}

/** Makes `--on-bad-pair`, for every command that trains. */
export function badPairOption(): Option {
  return new Option(
    '--on-bad-pair <what>',
    'what to do about a pair whose pictures cannot be read: stop, or skip it, with a count (default: stop)',
  ).choices([...ON_BAD_PAIR]);
}

/** Makes `--on-nan`, for every command that trains. */
export function nanOption(): Option {
  return new Option(
    '--on-nan <what>',
    'what to do when the training diverges: stop, skip the batch, or halve the learning rate; the last two go on from ' +
      'the last good state (default: stop)',
  ).choices([...ON_NAN]);
}

/** Adds what a training keeps and when it stops: `--keep-last`, `--max-time`. */
export function keepingOptions(command: Command): Command {
  return command
    .addOption(new Option('--keep-last <count>', 'checkpoints kept, the newest ones (default: 2)').argParser(positive))
    .addOption(
      new Option(
        '--max-time <time>',
        'stop with a checkpoint after this time: 90s, 30m, 2h, 1h30m, 1d (default: no limit)',
      ).argParser(seconds),
    );
}

/** Adds how a training validates: `--validate-every`, `--keep-best`, `--stop-after-no-gain`. */
export function validationOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--validate-every <steps>',
        'steps between scores on held-out pairs, 0 for none (default: the recipe’s, or up to 20 times at little cost)',
      ).argParser(natural),
    )
    .addOption(
      new Option('--keep-best <metric>', 'score that decides on the best weights (default: psnr)').choices([
        ...METRICS,
      ]),
    )
    .addOption(
      new Option('--stop-after-no-gain <count>', 'stop after so many validations without a better one').argParser(
        positive,
      ),
    );
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Parses a time, such as 1h30m. @throws an error that commander shows */
function seconds(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  const value = parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS], 0);
  if (parts.map(([part]) => part).join('') !== text || value === 0)
    throw new InvalidArgumentError('It must be a time, such as 90s, 30m, 2h or 1h30m.');
  return value;
}

/** Adds `--engine`, `--device` and `--threads`. */
export function engineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <name>', 'library that runs the network').choices([...ENGINES]).default('onnxruntime'),
    )
    .addOption(
      new Option('--device <name>', 'device to run on; auto takes the fastest that works')
        .choices([...DEVICES, 'auto'])
        .default('cpu'),
    )
    .addOption(
      new Option('--threads <count>', 'threads of one operation on the CPU (default: the cores it may use)').argParser(
        positive,
      ),
    );
}
