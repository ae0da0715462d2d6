import { join } from 'node:path';
import {
  type Checkpoint,
  type EngineOptions,
  readCheckpoint,
  type State,
  toBytes,
  UserError,
  writableFolder,
  writeCheckpoint,
} from '@unweather/core-tensor';
import { epochsOf } from '@unweather/datasets';
import {
  decimals,
  type ResultRecord,
  type ScoreSet,
  summaryTable,
  writeContactSheet,
  writeResults,
} from '@unweather/eval';
import { chosenEngine, networkIn, networkNamed, pick } from '@unweather/model';
import { type Data, embeddedData, metaData } from './data.js';
import { evaluate, networkContender, type Scored } from './evaluation/evaluate.js';
import { explain } from './explain.js';
import { firstWeights } from './first-weights.js';
import { leastSize, phasesOf } from './phases.js';
import { type FrozenFiles, lossOf, patchOf, Recipe } from './recipe.js';
import { chosenRecipe } from './recipe-file.js';
import type { Reporter } from './reporter.js';
import { type Course, phaseStep, runPhases } from './run-phases.js';
import { type RunSettings, requireSameData, settingsOf, totalSteps } from './run-state.js';
import { withMeasuredStatistics } from './statistics.js';
import type { Study, TaskStudy } from './study.js';
import { Validation } from './validation.js';
import { WeightAverage } from './weight-average.js';

export interface TrainOptions extends EngineOptions, FrozenFiles {
  readonly task: string;
  /** Name of a recipe, or path of a JSON file that holds one; ignored when resuming. */
  readonly recipe: string;
  /** Changes of the recipe, each `KEY=VALUE`. */
  readonly set?: readonly string[];
  /** Meta file of the training pairs; without it, the embedded photographs. */
  readonly data?: string;
  /** Meta file of held-out pairs, never trained on; without it, the embedded ones. */
  readonly heldOut?: string;
  /** Meta files of the validation sets, for recipes with `validateEvery`; default: the held-out pairs. */
  readonly validate?: readonly string[];
  /** Folder the meta files' paths are relative to. */
  readonly root?: string;
  /** Folder for checkpoint, results and contact sheet. */
  readonly out: string;
  /** Number of steps, instead of the recipe's duration. */
  readonly steps?: number;
  /** File that describes a network found by a search; default: the task's own. */
  readonly architecture?: string;
  /** Checkpoint with the initial weights, instead of random ones. */
  readonly pretrained?: string;
  /** Random seed, instead of the recipe's. */
  readonly seed?: number;
  /** Reports which operators run on which device, and trains nothing. */
  readonly explain?: boolean;
  /** Checkpoint to resume from. */
  readonly resume?: string;
}

/** Path of the checkpoint that a training writes to its folder. */
export function checkpointIn(out: string): string {
  return join(out, 'checkpoint.safetensors');
}

/**
 * Trains a task's network, then scores it on held-out pictures.
 * @returns true if it finished; an interrupted run has written its checkpoint
 * @throws UserError for everything a user can fix
 */
export async function train(
  paper: Study,
  options: TrainOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  const { task, networkName, checkpoint, settings, from } = await startingPoint(paper, options);
  const { recipe } = settings;
  if (recipe.needsData && options.data === undefined)
    throw new UserError(`recipe "${recipe.name}" needs a dataset of yours; give its meta file with --data`);
  if (recipe.needsWeights && checkpoint === undefined && options.pretrained === undefined)
    throw new UserError(`recipe "${recipe.name}" goes on from trained weights; give them with --pretrained`);
  const chosen = lossOf(task.losses, recipe);
  const judges: State = (await chosen.judges?.read(options)) ?? new Map();
  const data =
    options.data === undefined
      ? await embeddedData('train', task.degradation, { everyLevel: recipe.visit === 'triple' })
      : await metaData(options.data, options.root, recipe.resize ? undefined : leastSize(recipe));
  const heldOut =
    options.heldOut === undefined
      ? await embeddedData('held-out', task.degradation)
      : await metaData(options.heldOut, options.root);
  if (checkpoint !== undefined) requireSameData(checkpoint, settings, data);
  await writableFolder(options.out);
  const network = networkNamed(paper, networkName).create();
  const epochs = epochsOf({ ...recipe, repeats: recipe.updatesPerBatch ?? 1, pairs: data.pairs });
  const total = totalSteps(recipe, epochs.stepsPerEpoch);
  const phases = phasesOf(recipe, total);
  const { step } = phaseStep({ network, loss: chosen, recipe }, phases[0]!, epochs.batchSize);
  const { parameters } = step;
  const first = checkpoint
    ? { ...checkpoint, pretrained: settings.pretrained }
    : await firstWeights(paper, networkName, step, recipe, options.pretrained);
  const moments = [...step.optimiserState().keys()].map((name) => [name, first.optimiser.get(name)!] as const);
  const state: State = new Map([...first.weights, ...moments]);
  const { pretrained } = first;
  // Keys in the schema's order, as when read from a checkpoint, so that files stay comparable.
  const run: RunSettings = {
    task: settings.task,
    data: data.identity,
    ...(pretrained !== undefined && { pretrained }),
    recipe,
  };
  if (options.explain) {
    await explain(step.graph, new Map([...state, ...judges]), options, reporter);
    return true;
  }
  const sizes = phases.map(patchOf).map(({ width, height }) => `${width}×${height}`);
  reporter.say(
    `${networkName} (${paper.title}), recipe ${recipe.name}: ${total} steps of ` +
      `${recipe.batch * (recipe.visit === 'triple' ? 3 : 1)} ${[...new Set(sizes)].join(', then ')} patches from ${data.pairs.length} pairs${from > 0 ? `, from step ${from}` : ''}`,
  );
  const engine = await chosenEngine(options, reporter);
  const file = checkpointIn(options.out);
  const averageFile = join(options.out, 'average.safetensors');
  const average =
    recipe.average === undefined ? undefined : new WeightAverage(recipe.average, parameters, first.optimiser);
  const save = async (at: number, current: State, averaged?: State) => {
    const progress = { step: at, seed: recipe.seed, recipe: run };
    await writeCheckpoint(file, networkName, new Map([...current, ...(average?.saved() ?? [])]), progress);
    if (averaged) await writeCheckpoint(averageFile, networkName, averaged, progress);
  };
  const averageOf = (current: State) => average?.of(weightsOf(current, parameters));
  const [protocol] = task.protocols;
  const subjectOf = (weights: State) => ({
    ...{ paper, name: networkName, protocol },
    contender: networkContender(network, weights, engine),
  });
  const { validateEvery } = recipe;
  const sets =
    validateEvery && options.validate ? options.validate.map((set) => metaData(set, options.root)) : [heldOut];
  const validation = validateEvery && (await Validation.open(options.out, await Promise.all(sets), from));
  const bestFile = join(options.out, 'best.safetensors');
  const validate = async (at: number, weights: State) => {
    if (validation && (await validation.score(at, subjectOf(weights), reporter, signal)))
      await writeCheckpoint(bestFile, networkName, weights, { step: at, seed: recipe.seed, recipe: run });
  };
  const course: Course = {
    ...{ network, loss: chosen, recipe, pairs: data.pairs, judges, total, phases, engine, reporter, signal },
    async onStep(at, current) {
      await average?.add(at, current);
      if (at === total) return;
      if (at % recipe.saveEvery === 0) {
        const now = await current();
        await save(at, now, averageOf(now));
      }
      if (validateEvery && at % validateEvery === 0) {
        const now = await current();
        await validate(at, averageOf(now) ?? weightsOf(now, parameters));
      }
    },
  };
  const { done, state: last } = await runPhases(course, from, state);
  const measured = { recipe, pairs: data.pairs, steps: total };
  const renewed = (current: State) =>
    done < total ? current : withMeasuredStatistics(network, current, measured, (...of) => engine.inference(...of));
  const trained = await renewed(last);
  const averaged = averageOf(last);
  const weights = averaged === undefined ? weightsOf(trained, parameters) : await renewed(averaged);
  await save(done, trained, averaged && weights);
  reporter.wrote(file);
  if (averaged) reporter.wrote(averageFile);
  if (done === total) await validate(total, weights);
  if (done < total) {
    reporter.say(`stopped after step ${done} of ${total}; go on with --resume ${file}`);
    return false;
  }
  const keepScenes = heldOut.pairs.length <= SHEET_ROWS;
  const evaluation = await evaluate({ ...subjectOf(weights), data: heldOut }, reporter, { keepScenes, signal });
  if (signal.aborted) return false;
  await report(options.task, networkName, task, heldOut, evaluation, options.out, reporter);
  return true;
}

/** Largest number of scenes on a contact sheet; beyond it, none is written. */
const SHEET_ROWS = 30;

interface StartingPoint {
  readonly networkName: string;
  readonly task: TaskStudy;
  readonly settings: RunSettings;
  readonly from: number;
  readonly checkpoint?: Checkpoint;
}

/** Finds the recipe, in its table or in the checkpoint to resume from. */
async function startingPoint(paper: Study, options: TrainOptions): Promise<StartingPoint> {
  const task = pick('task', paper.tasks, options.task);
  const { found: networks } = paper;
  if (options.resume === undefined) {
    const recipe = await recipeOf(task, options);
    const own = recipe.network ?? task.network;
    const { architecture } = options;
    const networkName = architecture === undefined || networks === undefined ? own : await networks.read(architecture);
    return { networkName, task, settings: { task: options.task, data: '', recipe }, from: 0 };
  }
  if (
    options.steps !== undefined ||
    options.seed !== undefined ||
    options.pretrained !== undefined ||
    options.set !== undefined ||
    options.architecture !== undefined
  )
    throw new UserError(
      '--resume goes on with the recipe, the seed, the weights and the network of its checkpoint; leave out --steps, ' +
        '--seed, --set, --pretrained and --architecture',
    );
  const networkName = await networkIn(options.resume, paper, task);
  const parameters = networkNamed(paper, networkName).create().parameters();
  const checkpoint = await readCheckpoint(options.resume, networkName, parameters);
  const { settings, progress } = settingsOf(checkpoint);
  return { networkName, task, settings, from: progress.step, checkpoint };
}

/** Reads the recipe that the options name and applies their changes. @throws UserError for an invalid recipe */
export async function recipeOf(
  task: TaskStudy,
  { recipe: named, set, steps, seed }: Pick<TrainOptions, 'recipe' | 'set' | 'steps' | 'seed'>,
): Promise<Recipe> {
  const found = await chosenRecipe({ schema: Recipe, table: task.recipes }, named, set);
  // Parsing puts the keys in the schema's order, as when read from a checkpoint, so that files stay comparable.
  return Recipe.parse({
    ...found,
    ...(steps !== undefined && { duration: { steps } }),
    ...(seed !== undefined && { seed }),
  });
}

function weightsOf(state: State, parameters: ReadonlyMap<string, unknown>): State {
  return new Map([...parameters.keys()].map((name) => [name, state.get(name)!]));
}

async function report(
  name: string,
  networkName: string,
  task: TaskStudy,
  data: Data,
  { records, scenes }: Scored,
  out: string,
  reporter: Reporter,
): Promise<void> {
  const [protocol] = task.protocols;
  const heading = {
    title: `${networkName}, ${task.title}`,
    notes: [data.note, `Protocol ${protocol.name}: ${protocol.description}`],
  };
  for (const file of await writeResults(out, `held-out-${name}`, heading, records)) reporter.wrote(file);
  if (scenes.length > 0) {
    const sheet = join(out, 'contact-sheet.png');
    await writeContactSheet(
      sheet,
      ['degraded', 'restored', 'truth'],
      scenes.map(({ input, restored, truth }, i) => ({
        pictures: [input, restored, truth].map(toBytes),
        captions: captions(records[i]!),
      })),
    );
    reporter.wrote(sheet);
  }
  reporter.result(`${heading.notes.join('\n')}\n\n${summaryTable(records)}`, records);
}

function captions({ picture, input, restored }: ResultRecord): string[] {
  const numbers = ({ psnr, ssim }: ScoreSet) => `${decimals(psnr, 2)} dB, SSIM ${decimals(ssim, 3)}`;
  return [numbers(input), numbers(restored), picture];
}
