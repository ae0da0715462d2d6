import {
  type EngineOptions,
  interruptible,
  readTensors,
  requireFinite,
  type State,
  UserError,
} from '@unweather/core-tensor';
import { type LogFormat, natural } from '@unweather/core-tensor/command-line';
import {
  badPairOption,
  chosenRecipe,
  createReporter,
  embeddedData,
  engineOptions,
  keepingOptions,
  logOption,
  metaData,
  nanOption,
  type OnBadPair,
  type OnNan,
  requireSameRecipe,
  requireUnchanged,
  SkippedPairs,
  settingsIn,
} from '@unweather/lab';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { derive } from '../../architecture/derive.js';
import { writeDerived } from '../../architecture/write.js';
import { study } from '../study.js';
import { SearchRecipe, searchRecipes } from './recipes.js';
import { newestSearchIn, search, searchCheckpointIn } from './run.js';

interface SearchParsed extends EngineOptions {
  readonly recipe: string;
  readonly set?: readonly string[];
  readonly printRecipe?: boolean;
  readonly data?: string;
  readonly root?: string;
  readonly onBadPair?: OnBadPair;
  readonly onNan?: OnNan;
  readonly officialValidation?: string;
  readonly complexity?: number;
  readonly columns?: 'intended' | 'code';
  readonly epochs?: number;
  readonly seed?: number;
  readonly perBranch?: boolean;
  readonly resume?: string | true;
  readonly out?: string;
  readonly keepLast?: number;
  readonly maxTime?: number;
  readonly log: LogFormat;
}

/** Settings of a search, saved in every checkpoint. */
const SearchSettings = z.object({ search: SearchRecipe, data: z.string() });

const perBranch = () =>
  new Option('--per-branch', 'edges for each branch as searched for it; default: the official nine for all branches');

/** Adds the commands `search` and `derive`. */
export function addSearch(program: Command): void {
  keepingOptions(engineOptions(program.command('search')))
    .description('search an architecture: weights and architecture by turns')
    .option(
      '--recipe <name or file>',
      `how to search: ${Object.keys(searchRecipes).join(', ')}, or a JSON file`,
      'quick',
    )
    .option('--set <key=value...>', 'change the recipe: weights.learningRate=1e-3, crop=32')
    .option('--print-recipe', 'write the recipe, with its changes, and search nothing')
    .option(
      '--data <meta.json>',
      'three inputs of every truth, light, medium, heavy; default: the embedded photographs',
    )
    .option('--root <folder>', 'folder the paths of the meta files are relative to; default: their own')
    .addOption(badPairOption())
    .addOption(nanOption())
    .option(
      '--official-validation <meta.json>',
      'judge the architecture as the official code does: on these pairs (it takes the test set), results against the ' +
        'truths of other pictures',
    )
    .addOption(
      new Option('--complexity <weight>', 'of the model’s complexity; the paper tries 0.1 and 0.01').argParser(share),
    )
    .addOption(new Option('--columns <which>', 'candidates the complexity weighs').choices(['intended', 'code']))
    .addOption(new Option('--epochs <count>', 'instead of the recipe’s').argParser(natural))
    .addOption(new Option('--seed <number>', 'random seed, instead of the recipe’s').argParser(natural))
    .addOption(perBranch())
    .option(
      '--resume [checkpoint]',
      'go on from a checkpoint as if the search had never stopped; auto: from the newest whole one in the output folder, ' +
        'or begin if there is none; default: the one in the output folder',
    )
    .option('--out <folder>', 'where checkpoint and architecture go; default: runs/manas/search-RECIPE')
    .addOption(logOption())
    .action(async (options: SearchParsed) => {
      const { recipe: named, set, complexity, columns, epochs, seed } = options;
      const own = { complexity, columns, epochs, seed };
      const changes = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
      const chosen = await chosenRecipe({ schema: SearchRecipe, table: searchRecipes }, named, set, changes);
      if (options.printRecipe) return void process.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`);
      const { out = `runs/manas/search-${chosen.name}` } = options;
      const reporter = createReporter(options.log);
      const auto = options.resume === 'auto';
      const found = auto ? await newestSearchIn(out, reporter) : options.resume;
      const resume = found === true ? searchCheckpointIn(out) : found;
      if (resume !== undefined && !auto) requireUnchanged({ set, ...own });
      const recipe = resume === undefined ? chosen : (await settingsIn(resume, SearchSettings)).search;
      if (resume !== undefined && auto) requireSameRecipe(resume, recipe, chosen);
      if (recipe.needsData && options.data === undefined)
        throw new UserError(`recipe "${recipe.name}" needs a dataset of yours; give its meta file with --data`);
      const size = { width: recipe.crop, height: recipe.crop };
      const say = (text: string) => reporter.say(text);
      const skipped = options.onBadPair === 'skip' ? new SkippedPairs(say) : undefined;
      const { pairs, identity } =
        options.data === undefined
          ? await embeddedData('train', 'rain', { everyLevel: true })
          : await metaData(options.data, options.root, { crop: size, skipped, keep: true, say });
      const judged = options.officialValidation;
      const official =
        judged === undefined
          ? undefined
          : await metaData(judged, options.root, { crop: size, skipped, keep: true, say });
      const data = {
        pairs,
        official: official?.pairs,
        identity: [identity, official?.identity].filter(Boolean).join(),
        onBadPair: skipped?.add,
      };
      // A search that stopped for another reason than a signal has done what was asked.
      await interruptible(
        async (signal) =>
          (await search(recipe, data, { ...options, out, resume }, reporter, signal)) || !signal.aborted,
      );
      skipped?.sum();
    });

  program
    .command('derive')
    .description('turn what a search found into the architecture of a network')
    .option(
      '--search <checkpoint>',
      'of a search, ours or the official one',
      'runs/manas/search-quick/search.safetensors',
    )
    .addOption(perBranch())
    .addOption(
      new Option('--width <share>', 'of the network’s branches, in parts of the paper’s').default(1).argParser(share),
    )
    .option(
      '-o, --out <architecture.json>',
      'file to write; its picture goes beside it',
      'runs/manas/architecture.json',
    )
    .addOption(logOption())
    .action(async (options: { search: string; perBranch?: boolean; width: number; out: string; log: LogFormat }) => {
      if (!/\.json$/i.test(options.out)) throw new UserError(`${options.out}: the name must end in .json`);
      if (!Number.isInteger(2 * options.width) || options.width === 0)
        throw new UserError(`a width of ${options.width} gives fractions of channels; choose a multiple of 0.5`);
      const architecture = derive(await alphasOf(options.search), options);
      await writeDerived(options.out, architecture, `derived from ${options.search}`, createReporter(options.log));
    });
}

/** Reads architecture parameters from a search's checkpoint. @throws UserError naming the file and the missing part */
async function alphasOf(path: string): Promise<State> {
  const tensors = await readTensors(path, { takesKey: false });
  for (const [name, shape] of Object.entries({ arch_param: '12,2', auto_param: '27,9' })) {
    const tensor = tensors.get(name);
    if (tensor?.shape.join() !== shape)
      throw new UserError(`${path}: has no "${name}" of [${shape}]; give the checkpoint of a search of ${study.title}`);
    requireFinite(path, [[name, tensor]]);
  }
  return tensors;
}

function share(text: string): number {
  const value = Number(text);
  if (text === '' || !(value >= 0)) throw new InvalidArgumentError('It must be a number, 0 or more.');
  return value;
}
