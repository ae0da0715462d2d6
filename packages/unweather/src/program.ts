import completion from '@bomb.sh/tab/commander';
import { DEBUG_OPTION, outputError, versionOf } from '@unweather/core-tensor/command-line';
import { Command, Option } from 'commander';
import { EXAMPLES, examplesText } from './examples.js';
import { RESTORE_OPTIONS, SCORE_OPTIONS } from './options.js';
import type { ScoreCommand } from './score/command.js';

/**
 * Builds the command line. Help loads nothing else; the code of a command is loaded when it runs, since the network's
 * engine takes longer to load than help takes to read.
 */
export function programOf(): Command {
  const program = new Command('unweather')
    .description('removes rain, haze, snow, raindrops, blur and noise from photographs')
    .version(versionOf(new URL('../', import.meta.url)))
    .option(...DEBUG_OPTION)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ outputError })
    .addHelpText('after', examplesText(Object.values(EXAMPLES).map(([first]) => first!)))
    .addHelpText('after', STATUS);
  const restore = program
    .command('restore')
    .description('restore photographs: files, folders, and patterns such as "photos/**/*.jpg"')
    .argument('<inputs...>', 'PNG, JPEG, WebP, AVIF, TIFF or GIF; - for standard input')
    .addHelpText('after', examplesText(EXAMPLES.restore))
    .addHelpText('after', STATUS)
    .action(async (inputs: string[], { depth, ...options }) => {
      const { restoreCommand } = await import('./restore/command.js');
      await restoreCommand(inputs, { ...options, ...(depth !== undefined && { depth: depth === '16' ? 16 : 8 }) });
    });
  for (const option of RESTORE_OPTIONS) restore.addOption(option);
  program
    .command('models')
    .description('list the networks: what each removes, its weights, their measured quality, time and licence')
    .option('--json', 'print one JSON object per line, for programs')
    .addHelpText('after', examplesText(EXAMPLES.models))
    .action(async (options: { json?: boolean }) => {
      const { modelsCommand } = await import('./models/command.js');
      await modelsCommand(options);
    });
  program
    .command('compare')
    .description('show two or three pictures of the same size side by side')
    .argument('<before>', 'the picture with the weather; - for standard input, here or in place of another')
    .argument('<after>', 'the restored picture')
    .argument('[truth]', 'the picture as it should be; PSNR and SSIM are computed against it')
    .addOption(
      new Option(
        '-o, --out <page.html|sheet.png>',
        'file to write: a page with a slider, or a sheet',
      ).makeOptionMandatory(),
    )
    .addHelpText('after', examplesText(EXAMPLES.compare))
    .action(async (before: string, after: string, truth: string | undefined, options: { out: string }) => {
      const { compareCommand } = await import('./compare/command.js');
      await compareCommand(before, after, truth, options);
    });
  const score = program
    .command('score')
    .description('score folders of results: PSNR, SSIM and other metrics, by named protocols')
    .argument('<folders...>', 'folders of results; of two folders without --truth, the second holds the truths')
    .addHelpText('after', examplesText(EXAMPLES.score))
    .action(async (folders: string[], options: ScoreCommand) => {
      const { scoreCommand } = await import('./score/command.js');
      await scoreCommand(folders, options);
    });
  for (const option of SCORE_OPTIONS) score.addOption(option);
  // Adds `complete`, which knows the commands defined above.
  completion(program);
  return program;
}

const STATUS = `
Exit status: 0 success, 1 an error or some pictures failed, 2 the command line is not usable and nothing was done,
130 Ctrl-C, 143 SIGTERM.`;
