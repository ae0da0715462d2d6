import { join } from 'node:path';
import {
  type Checkpoint,
  type EngineOptions,
  formatOf,
  learningRate,
  readCheckpoint,
  runTraining,
  type State,
  type TrainingBatch,
  type TrainingStep,
  toBytes,
  UserError,
  writableFolder,
  writeCheckpoint,
} from '@unweather/core-tensor';
import { Loader } from '@unweather/datasets';
import {
  decimals,
  type ResultRecord,
  type ScoreSet,
  summaryTable,
  writeContactSheet,
  writeResults,
} from '@unweather/eval';
import { type Data, embeddedData, metaData } from './data.js';
import { chosenEngine } from './engine.js';
import { evaluate, networkContender, type Scored } from './evaluation/evaluate.js';
import { explain } from './explain.js';
import { firstWeights } from './first-weights.js';
import { pick } from './pick.js';
import {
  type EquippedLoss,
  equipped,
  type FrozenFiles,
  networkNamed,
  optimiserOf,
  type Paper,
  patchOf,
  Recipe,
  stepOf,
  type Task,
} from './recipe.js';
import type { Reporter } from './reporter.js';
import { type RunSettings, requireSameData, settingsOf, totalSteps } from './run-state.js';
import { withMeasuredStatistics } from './statistics.js';
import { networkIn } from './weights.js';

export interface TrainOptions extends EngineOptions, FrozenFiles {
  readonly task: string;
  /** Name of a recipe; ignored when resuming. */
  readonly recipe: string;
  /** Meta file of the training pairs; without it, the embedded photographs. */
  readonly data?: string;
  /** Meta file of pairs never trained on; without it, the embedded held-out ones. */
  readonly heldOut?: string;
  /** Folder the meta files' paths are relative to. */
  readonly root?: string;
  /** Folder for checkpoint, results and contact sheet. */
  readonly out: string;
  /** Instead of the recipe's duration. */
  readonly steps?: number;
  /** File that describes a network found by a search; default: the task's own. */
  readonly architecture?: string;
  /** Checkpoint whose weights are the first ones, instead of random ones. */
  readonly pretrained?: string;
  /** Instead of the recipe's seed. */
  readonly seed?: number;
  /** Says which operators run where, and trains nothing. */
  readonly explain?: boolean;
  /** Checkpoint to go on from. */
  readonly resume?: string;
}

/**
 * Trains a task's network, then scores it on pictures it never saw.
 * @returns whether it came to its end; a run that was interrupted has written its checkpoint
 * @throws UserError for everything a user can mend
 */
export async function train(
  paper: Paper,
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
  const chosen = equipped(task.losses[recipe.loss]!);
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
  const { channels, colour } = formatOf(network);
  const loader = new Loader({ ...recipe, repeats: recipe.updatesPerBatch ?? 1, colour, pairs: data.pairs });
  const patch = patchOf(recipe);
  const shape = { batch: loader.batchSize, channels, ...patch };
  const step = stepOf(chosen, network, shape, {
    optimiser: optimiserOf(recipe),
    frozenStatistics: recipe.frozenStatistics ?? false,
  });
  const total = totalSteps(recipe, loader.stepsPerEpoch);
  const first = checkpoint
    ? { ...checkpoint, pretrained: settings.pretrained }
    : await firstWeights(paper, networkName, step, recipe, options.pretrained);
  const state: State = new Map([...first.weights, ...first.optimiser, ...judges]);
  const { pretrained } = first;
  // In the schema's order, as it is read from a checkpoint: files stay comparable.
  const run: RunSettings = {
    task: settings.task,
    data: data.identity,
    ...(pretrained !== undefined && { pretrained }),
    recipe,
  };
  if (options.explain) {
    await loader.close();
    await explain(step.graph, state, options, reporter);
    return true;
  }
  reporter.say(
    `${networkName} (${paper.title}), recipe ${recipe.name}: ${total} steps of ` +
      `${recipe.batch * (recipe.visit === 'triple' ? 3 : 1)} ${patch.width}×${patch.height} patches from ${data.pairs.length} pairs${from > 0 ? `, from step ${from}` : ''}`,
  );
  const engine = await chosenEngine(options, reporter);
  const executable = await engine.training(step, state);
  const file = join(options.out, 'checkpoint.safetensors');
  let done = from;
  let weights: State;
  try {
    const save = async (at: number, renewed: (state: State) => Promise<State> | State = (current) => current) => {
      const current = await renewed(kept(await executable.state(), state, step));
      await writeCheckpoint(file, networkName, current, { step: at, seed: recipe.seed, recipe: run });
      return current;
    };
    done = await runTraining({
      executable,
      shape,
      optimiser: step.optimiser,
      batches: (fromStep) => furnished(loader.batches(fromStep), chosen),
      learningRate: (batch) => rateAt(recipe, batch, total),
      from,
      steps: total,
      signal,
      async onStep(report) {
        reporter.step(report, total);
        if (report.step % recipe.saveEvery === 0 && report.step < total) await save(report.step);
      },
    });
    reporter.pause();
    const measured = { recipe, pairs: data.pairs, steps: total };
    const last = await save(done, (current) =>
      done < total ? current : withMeasuredStatistics(network, current, measured, (...of) => engine.inference(...of)),
    );
    weights = weightsOf(last, step.parameters);
    reporter.wrote(file);
  } finally {
    reporter.pause();
    await loader.close();
    await executable.dispose();
  }
  if (done < total) {
    reporter.say(`stopped after step ${done} of ${total}; go on with --resume ${file}`);
    return false;
  }
  const keepScenes = heldOut.pairs.length <= SHEET_ROWS;
  const [protocol] = task.protocols;
  const contender = networkContender(network, weights, engine);
  const subject = { paper, name: networkName, contender, protocol, data: heldOut };
  const evaluation = await evaluate(subject, reporter, { keepScenes, signal });
  if (signal.aborted) return false;
  await report(options.task, networkName, task, heldOut, evaluation, options.out, reporter);
  return true;
}

/** What pictures need for the recipe's patches, and for those over which it measures statistics. */
function leastSize(recipe: Recipe): { readonly width: number; readonly height: number } {
  const { width, height } = patchOf(recipe);
  const crop = recipe.statistics?.crop ?? 0;
  return { width: Math.max(width, crop), height: Math.max(height, crop) };
}

/** More scenes than this make no sheet that people look at. */
const SHEET_ROWS = 30;

interface StartingPoint {
  readonly networkName: string;
  readonly task: Task;
  readonly settings: RunSettings;
  readonly from: number;
  readonly checkpoint?: Checkpoint;
}

/** The recipe from its table, or from the checkpoint that is gone on from. */
async function startingPoint(paper: Paper, options: TrainOptions): Promise<StartingPoint> {
  const task = pick('task', paper.tasks, options.task);
  const { found: networks } = paper;
  if (options.resume === undefined) {
    const found = pick('recipe', task.recipes, options.recipe);
    // Parsed, its properties stand in the schema's order, as they do when a checkpoint is read: files stay comparable.
    const recipe = Recipe.parse({
      ...found,
      ...(options.steps !== undefined && { duration: { steps: options.steps } }),
      ...(options.seed !== undefined && { seed: options.seed }),
    });
    const own = recipe.network ?? task.network;
    const { architecture } = options;
    const networkName = architecture === undefined || networks === undefined ? own : await networks.read(architecture);
    return { networkName, task, settings: { task: options.task, data: '', recipe }, from: 0 };
  }
  if (
    options.steps !== undefined ||
    options.seed !== undefined ||
    options.pretrained !== undefined ||
    options.architecture !== undefined
  )
    throw new UserError(
      '--resume goes on with the steps, the seed, the weights and the network of its checkpoint; leave out --steps, ' +
        '--seed, --pretrained and --architecture',
    );
  const networkName = await networkIn(options.resume, paper, task);
  const parameters = networkNamed(paper, networkName).create().parameters();
  const checkpoint = await readCheckpoint(options.resume, networkName, parameters);
  const { settings, progress } = settingsOf(checkpoint);
  return { networkName, task, settings, from: progress.step, checkpoint };
}

/** Batches with what the loss feeds its graph at their epoch. */
async function* furnished(
  batches: AsyncIterable<TrainingBatch>,
  { given }: EquippedLoss,
): AsyncGenerator<TrainingBatch> {
  for await (const batch of batches) yield given === undefined ? batch : { ...batch, given: given(batch.epoch) };
}

function rateAt(recipe: Recipe, at: { step: number; epoch: number }, steps: number): number {
  const [done, total] = 'epochs' in recipe.duration ? [at.epoch, recipe.duration.epochs] : [at.step, steps];
  return learningRate(recipe.schedule, recipe.learningRate, done, total);
}

function weightsOf(state: State, parameters: ReadonlyMap<string, unknown>): State {
  return new Map([...parameters.keys()].map((name) => [name, state.get(name)!]));
}

/**
 * What a checkpoint holds: weights first, in state_dict order, then the optimiser's moments. A parameter that the network
 * does not use (DuRN-U's `shift`) is as it was first; frozen networks of the loss stay out.
 */
function kept(current: State, first: State, step: TrainingStep): State {
  const names = [...step.parameters.keys(), ...step.optimiserState().keys()];
  return new Map(names.map((name) => [name, current.get(name) ?? first.get(name)!]));
}

async function report(
  name: string,
  networkName: string,
  task: Task,
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
