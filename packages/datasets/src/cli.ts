#!/usr/bin/env node
import { messageOf, UserError } from '@unweather/core-tensor';
import { Command, Option } from 'commander';
import { LAYOUTS } from './prepare/layouts.js';
import { type MetaOptions, writeMeta } from './prepare/write-meta.js';

const splits = Object.entries(LAYOUTS).map(([dataset, of]) => `  ${dataset}: ${Object.keys(of).join(', ')}`);

const program = new Command('unweather-datasets').description('prepares datasets');
program
  .command('meta')
  .description('turn an official download and its list of names into a meta file')
  .addOption(new Option('--dataset <name>', 'as in datasets.json').choices(Object.keys(LAYOUTS)).makeOptionMandatory())
  .requiredOption('--split <name>', 'part of the dataset')
  .requiredOption('--root <folder>', 'folder of the official download')
  .option('--list <file>', 'official list, one name a line; a folder of numbered .h5 files needs none')
  .option('-o, --out <meta.json>', 'file to write; default: DATASET-SPLIT.json in the root')
  .addHelpText('after', `\nDatasets and splits:\n${splits.join('\n')}`)
  .action(async (options: MetaOptions) => {
    const { path, pairs, names, expected, centred } = await writeMeta(options);
    process.stdout.write(`wrote ${path}: ${pairs} pairs of ${names} names\n`);
    if (centred > 0)
      process.stdout.write(`note: ${centred} truths are larger than their inputs; their middle is taken\n`);
    if (expected !== null && names !== expected)
      process.stdout.write(`note: the official list has ${expected} names\n`);
    if (options.out !== undefined)
      process.stdout.write(`its paths are relative to ${options.root}: give --root with it\n`);
  });

try {
  await program.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof UserError)) throw thrown;
  process.stderr.write(`error: ${messageOf(thrown)}\n`);
  process.exitCode = 1;
}
