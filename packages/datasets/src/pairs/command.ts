import { natural } from '@unweather/core-tensor/command-line';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Adds the command that pairs the pictures of one's own folders, with its options. */
export function addPairsCommand(program: Command): Command {
  return program
    .command('pairs')
    .description('pair your own pictures and write a meta file of them')
    .option('--truth <folder>', 'clean pictures')
    .option('--input <folder>', 'degraded pictures, one or several for each clean one')
    .addOption(new Option('--halves <folder>', 'instead: pictures that hold a pair side by side'))
    .addOption(new Option('--truth-half <side>', 'the clean half of these').choices(['left', 'right']))
    .option('--degrade <weather-level...>', 'instead: weather to add to the clean pictures: rain-drawn, haze-light …')
    .option(
      '--match <rule>',
      "INPUT=TRUTH with fields, '{id}_{level}.png={id}.png'; or content, to compare the pictures " +
        '(default: the usual rule that fits)',
    )
    .option('--centre', 'use the middle of truths that are larger than their inputs', false)
    .option('--held-out <part>', 'also hold out scenes: a fraction below 1, or their number', partOf)
    .option('--seed <number>', 'seed of the held-out scenes, and of what --write writes', natural, 1)
    .option('--write <folder>', 'also write the degraded pictures, as PNG, to look at')
    .option('--allow-partial <count>', 'continue with up to this many files left over or unusable', natural, 0)
    .requiredOption('-o, --out <meta.json>', 'meta file to write; scenes held out go to meta.held-out.json');
}

/** Parses a fraction between 0 and 1, or a whole number. */
function partOf(text: string): number {
  const value = /^(0?\.\d+|\d+)$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a fraction such as 0.1, or a whole number of scenes.');
}
