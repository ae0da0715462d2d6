import { DEVICES, ENGINES } from '@unweather/core-tensor';
import { LOG_FORMATS, positive } from '@unweather/core-tensor/command-line';
import { type Command, Option } from 'commander';
import { ON_BAD_PAIR } from './bad-pairs.js';
import { ON_NAN } from './on-nan.js';
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
