import { interruptible, runProgram, UserError, writeWhole } from '@unweather/core-tensor';
import {
  DEBUG_OPTION,
  LOG_FORMATS,
  type LogFormat,
  natural,
  outputError,
  versionOf,
} from '@unweather/core-tensor/command-line';
import { Command, Option } from 'commander';
import { overview, overviewTable } from './overview.js';
import { addPairsCommand } from './pairs/command.js';
import type { PairsOptions } from './pairs/options.js';
import { pairFolders } from './pairs/pairs.js';
import { Interrupted } from './prepare/lanes.js';
import { prepare } from './prepare/prepare.js';
import { readRegistry } from './registry.js';
import { createReporter, type Reporter } from './report.js';
import { markdownOf } from './statistics/cells.js';
import type { Blending } from './statistics/layer.js';
import { MEASURED, measure, type Weather } from './statistics/measure.js';
import { statisticsPage } from './statistics/page.js';
import { compareLists } from './verify/two-lists.js';
import { verify } from './verify/verify.js';

interface Shared {
  readonly out: string;
  readonly log: LogFormat;
}

type VerifyFlags = Shared & { strict: boolean; train?: string; test?: string; root?: string };
type PrepareFlags = Shared & { root: string; split?: string; list?: string; allowPartial: number };

interface StatisticsFlags {
  readonly data?: string;
  readonly root?: string;
  readonly weather: Weather;
  readonly blending: Blending;
  readonly json?: boolean;
  readonly page?: string;
}

const outOption = () => new Option('-o, --out <folder>', 'folder of the meta files').default('meta');
const logOption = () => new Option('--log <format>', 'output format').choices([...LOG_FORMATS]).default('text');

/** Runs work with a reporter; Ctrl-C aborts it. */
async function reported(log: LogFormat, work: (reporter: Reporter, signal: AbortSignal) => Promise<unknown>) {
  const reporter = createReporter(log);
  await interruptible(async (signal) => {
    try {
      await work(reporter, signal);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof Interrupted)) throw thrown;
      process.stderr.write(`${thrown.message || 'stopped; nothing was written'}\n`);
      return false;
    } finally {
      reporter.pause();
    }
  });
}

const program = new Command('unweather-datasets')
  .description('turns official downloads and your own pictures into checked meta files')
  .version(versionOf(new URL('../', import.meta.url)))
  .option(...DEBUG_OPTION)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .configureOutput({ outputError });

program
  .command('prepare')
  .description('read every file of an official download, pair the files and write meta files')
  .argument('<dataset>', 'name in datasets.json; `list` shows them all')
  .requiredOption('--root <folder>', 'folder of the download; with --split, the folder of the split is enough')
  .option('--split <name>', 'one split; default: every split that is found')
  .option('--list <file>', 'official list of names, one per line; needs --split')
  .option('--allow-partial <count>', 'accept up to this many missing pairs', natural, 0)
  .addOption(outOption())
  .addOption(logOption())
  .action(async (dataset: string, { log, ...options }: PrepareFlags) => {
    const registry = await readRegistry();
    await reported(log, (reporter, signal) => prepare(registry, { dataset, ...options }, reporter, signal));
  });

addPairsCommand(program)
  .addOption(logOption())
  .action(async ({ log, ...options }: PairsOptions & { log: LogFormat }) => {
    await reported(log, (reporter, signal) => pairFolders(options, reporter, signal));
  });

program
  .command('verify')
  .description('compare prepared files with their hashes, and training scenes with test scenes')
  .argument('[dataset]', 'dataset to verify; default: every prepared one')
  .option('--train <meta.json>', 'instead: pairs of yours to train on, compared with those of --test')
  .option('--test <meta.json>', 'pairs of yours to test on')
  .option('--root <folder>', 'folder their paths are relative to; default: their own')
  .option('--strict', 'exit with status 1 if training and test splits share scenes', false)
  .addOption(outOption())
  .addOption(logOption())
  .action(async (dataset: string | undefined, { log, train, test, root, ...options }: VerifyFlags) => {
    if (train === undefined && test === undefined) {
      const registry = await readRegistry();
      await reported(log, (reporter, signal) => verify(registry, { dataset, ...options }, reporter, signal));
      return;
    }
    if (train === undefined || test === undefined || dataset !== undefined)
      throw new UserError('--train and --test belong together, without a dataset; give both meta files');
    await reported(log, (reporter, signal) => compareLists({ train, test, root, ...options }, reporter, signal));
  });

program
  .command('list')
  .description('show which datasets are registered, prepared and missing')
  .option('--json', 'as JSON')
  .addOption(outOption())
  .action(async ({ out, json }: { out: string; json?: boolean }) => {
    const rows = await overview(await readRegistry(), out);
    process.stdout.write(`${json === true ? JSON.stringify(rows, null, 2) : overviewTable(rows)}\n`);
  });

program
  .command('statistics')
  .description('measure rain, haze or snow in real pairs and in synthesised ones, side by side')
  .addOption(new Option('--weather <name>', 'weather to measure').choices(Object.keys(MEASURED)).default('rain'))
  .option('--data <meta.json>', 'real pairs, [["gt","input"], …], or a folder with gt and input')
  .option('--root <folder>', 'folder its paths are relative to; default: its own')
  .addOption(
    new Option('--blending <law>', 'how the rain of the real pairs is blended with its scene')
      .choices(['screened', 'added'])
      .default('screened'),
  )
  .option('--json', 'as JSON')
  .option('--page <out.html>', 'also write a page of pictures with their numbers')
  .action(async ({ data, root, weather, blending, json = false, page }: StatisticsFlags) => {
    const real = data === undefined ? undefined : { meta: data, root, blending };
    const { rows, cells } = await measure(weather, real);
    process.stdout.write(`${json ? JSON.stringify(rows, null, 2) : markdownOf(cells)}\n`);
    if (page !== undefined) await writeWhole(page, await statisticsPage(weather, cells, real));
  });

await runProgram(program);
