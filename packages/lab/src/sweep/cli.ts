import { interruptible, UserError } from '@unweather/core-tensor';
import type { LogFormat } from '@unweather/core-tensor/command-line';
import { type Command, Option } from 'commander';
import { shard } from '../evaluation/cli.js';
import { logOption } from '../options.js';
import { createReporter } from '../reporter.js';
import type { Study } from '../study.js';
import { readSweep } from './plan.js';
import { type SweepOptions, sweep } from './sweep.js';

/** Options of `train` that a sweep sets itself, and those that train nothing. */
const OWN = new Set(['out', 'resume', 'log', 'explain', 'print-recipe']);

/** Adds `sweep`: a list of trainings, one after another, and their comparison. */
export function sweepCommand(program: Command, paper: Study): void {
  program
    .command('sweep')
    .description('train a list of settings one after another and compare them; the same command goes on after a stop')
    .argument('<list.json>', '{"options": {…}, "runs": {NAME: {…}, …}, "grid": {KEY: [VALUE, …], …}}')
    .option('--out <folder>', `where the runs and the tables go; default: runs/${paper.name}/LIST`)
    .addOption(new Option('--shard <i/n>', 'every n-th run only, beginning with the i-th').argParser(shard))
    .addOption(logOption())
    .action(
      async (
        file: string,
        { out, shard: part, log }: { out?: string; log: LogFormat } & Pick<SweepOptions, 'shard'>,
      ) => {
        const runs = await readSweep(file, optionsOf(program));
        const name = file.replace(/^.*[/\\]/, '').replace(/\.json$/i, '');
        const folder = out ?? `runs/${paper.name}/${name}`;
        const [, script] = process.argv;
        if (script === undefined) throw new UserError('the program was not started from a file; run it by its command');
        const options = { runs, out: folder, shard: part, program: script };
        await interruptible((signal) => sweep(options, createReporter(log), signal));
      },
    );
}

function optionsOf(program: Command): string[] {
  const train = program.commands.find((command) => command.name() === 'train')!;
  return train.options.flatMap(({ long }) => long?.slice(2) ?? []).filter((name) => !OWN.has(name));
}
