import { join } from 'node:path';
import { type State, UserError, writableFolder } from '@unweather/core-tensor';
import { epochsOf } from '@unweather/datasets';
import { chosenEngine, locateWeights, networkNamed } from '@unweather/model';
import { SkippedPairs } from '../bad-pairs.js';
import { embeddedData, metaData } from '../data.js';
import { networkContender } from '../evaluation/evaluate.js';
import { explain } from '../explain.js';
import { lossOf, patchOf } from '../recipe.js';
import { type Recorder, recorded } from '../record/record.js';
import type { Reporter } from '../reporter.js';
import { newestCheckpoint } from '../run/newest-checkpoint.js';
import { runStages } from '../run/run.js';
import type { Stage } from '../run/stage.js';
import { Validation } from '../run/validation.js';
import { WeightAverage } from '../run/weight-average.js';
import type { Study } from '../study.js';
import { dryRun } from './dry-run.js';
import { firstWeights } from './first-weights.js';
import { limitsOf, requireValidation } from './keeping.js';
import type { TrainOptions } from './options.js';
import { leastSize, phasesOf } from './phases.js';
import { reportHeldOut } from './report.js';
import { type RunSettings, requireSameData, totalSteps } from './settings.js';
import { type Course, phaseStep, stageOf } from './stages.js';
import { type StartingPoint, startingPoint } from './starting-point.js';
import { withMeasuredStatistics } from './statistics.js';
import { usualValidation } from './usual-validation.js';

const CHECKPOINT = 'checkpoint.safetensors';

/** Path of the checkpoint that a training writes to its folder. */
export function checkpointIn(out: string): string {
  return join(out, CHECKPOINT);
}

/** Finds the newest whole checkpoint in the folder of a training; says what it finds. */
export function newestIn(out: string, reporter: Pick<Reporter, 'say'>): Promise<string | undefined> {
  return newestCheckpoint(out, CHECKPOINT, (text) => reporter.say(text));
}

/**
 * Trains a task's network, then scores it on held-out pictures.
 * @returns true if it finished; an interrupted run has written its checkpoint
 * @throws UserError for everything a user can fix
 */
export async function train(
  paper: Study,
  named: TrainOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  return recorded(reporter, (recorder) => trained(paper, named, recorder, signal));
}

async function trained(paper: Study, named: TrainOptions, reporter: Recorder, signal: AbortSignal): Promise<boolean> {
  const limits = limitsOf(named);
  const options = await withFiles(paper, named, reporter, signal);
  if (options === undefined) return false;
  const start = await startingPoint(paper, options);
  const { task, networkName, checkpoint, settings, from, rateShare } = start;
  const { recipe } = settings;
  requireFiles(start, options);
  const loss = lossOf(task.losses, recipe);
  const judges: State = (await loss.judges?.read(options)) ?? new Map();
  const say = (text: string) => reporter.say(text);
  const skipped = options.onBadPair === 'skip' ? new SkippedPairs(say) : undefined;
  const crop = recipe.resize ? undefined : leastSize(recipe);
  const data =
    options.data === undefined
      ? await embeddedData('train', task.degradation, { everyLevel: recipe.visit === 'triple' })
      : await metaData(options.data, options.root, { crop, skipped, keep: true, say });
  const heldOut =
    options.heldOut === undefined
      ? await embeddedData('held-out', task.degradation)
      : await metaData(options.heldOut, options.root, { skipped, say });
  if (checkpoint !== undefined) requireSameData(checkpoint, settings, data);
  await writableFolder(options.out);

  const network = networkNamed(paper, networkName).create();
  const { pairs } = data;
  const epochs = epochsOf({ ...recipe, repeats: recipe.updatesPerBatch ?? 1, pairs });
  const total = totalSteps(recipe, epochs.stepsPerEpoch);
  const phases = phasesOf(recipe, total);
  const { step } = phaseStep({ network, loss, recipe }, phases[0]!, epochs.batchSize);
  const first = checkpoint
    ? { ...checkpoint, pretrained: settings.pretrained }
    : await firstWeights(paper, networkName, step, recipe, options.pretrained, options.weightsKey);
  const moments = [...step.optimiserState().keys()].map((name) => [name, first.optimiser.get(name)!] as const);
  const state: State = new Map([...first.weights, ...moments]);
  if (options.explain) {
    await explain(step.graph, new Map([...state, ...judges]), options, reporter);
    return true;
  }
  const sizes = phases.map(patchOf).map(({ width, height }) => `${width}×${height}`);
  reporter.say(
    `${networkName} (${paper.title}), recipe ${recipe.name}: ${total} steps of ` +
      `${recipe.batch * (recipe.visit === 'triple' ? 3 : 1)} ${[...new Set(sizes)].join(', then ')} patches from ${pairs.length} pairs${from > 0 ? `, from step ${from}` : ''}`,
  );
  const engine = await chosenEngine(options, reporter);
  const subject = (weights: State) => ({
    ...{ paper, name: networkName, protocol: task.protocols[0] },
    contender: networkContender(network, weights, engine),
  });
  const { average } = recipe;
  const sets = options.validate
    ? await Promise.all(options.validate.map((set) => metaData(set, options.root, { skipped, say })))
    : [heldOut];
  const kept = { folder: options.out, metric: options.keepBest };
  const every = options.validateEvery ?? recipe.validateEvery;
  const times = every === undefined ? await usualValidation(recipe, phases, sets) : every > 0 ? { every } : undefined;
  requireValidation(options, times !== undefined);
  const { batchSize } = epochs;
  const course: Course = { network, loss, recipe, pairs, judges, total, engine, batchSize, onBadPair: skipped?.add };
  if (options.dryRun) {
    const phase = phases.find(({ to }) => to > from) ?? phases.at(-1)!;
    await dryRun(stageOf(course, phase), state, from, total, reporter, signal);
    return true;
  }
  await reporter.open({ out: options.out, recipe, resumed: checkpoint !== undefined, engine });
  const { finished, weights } = await runStages(
    {
      ...{ folder: options.out, file: CHECKPOINT, network: networkName, parameters: step.parameters },
      ...{ seed: recipe.seed, saveEvery: recipe.saveEvery, onNan: options.onNan, reporter, signal },
      stages: phases.map((phase) => stageOf(course, phase)) as [Stage, ...Stage[]],
      settings: settingsWith(settings, data.identity, first.pretrained),
      average: average === undefined ? undefined : new WeightAverage(average, step.parameters, first.optimiser),
      ...limits,
      validation: times && (await Validation.open({ ...times, ...kept, sets, subject, say }, from)),
      complete: (current) =>
        withMeasuredStatistics(network, current, { ...course, steps: total }, (...of) => engine.inference(...of)),
    },
    { done: from, state, rateShare },
  );
  skipped?.sum();
  if (!finished) return false;
  const report = { name: options.task, task, out: options.out };
  return reportHeldOut({ ...subject(weights), data: heldOut }, report, reporter, signal);
}

/** Finds the files of weights that are named by a package or a URL; undefined if the signal was aborted first. */
async function withFiles(
  paper: Study,
  options: TrainOptions,
  listener: Reporter,
  signal: AbortSignal,
): Promise<TrainOptions | undefined> {
  const found: { pretrained?: string; teacher?: string } = {};
  try {
    for (const role of ['pretrained', 'teacher'] as const) {
      const named = options[role];
      if (named !== undefined) found[role] = (await locateWeights(paper, named, { listener, signal })).path;
    }
    return { ...options, ...found };
  } catch (thrown) {
    if (signal.aborted && thrown === signal.reason) return undefined;
    throw thrown;
  }
}

function requireFiles({ settings: { recipe }, checkpoint }: StartingPoint, { data, pretrained }: TrainOptions): void {
  if (recipe.needsData && data === undefined)
    throw new UserError(`recipe "${recipe.name}" needs a dataset of yours; give its meta file with --data`);
  if (recipe.needsWeights && checkpoint === undefined && pretrained === undefined)
    throw new UserError(`recipe "${recipe.name}" goes on from trained weights; give them with --pretrained`);
}

/** Settings with their keys in the schema's order, as when read from a checkpoint, so that files stay comparable. */
function settingsWith({ task, recipe }: RunSettings, data: string, pretrained: string | undefined): RunSettings {
  return { task, data, ...(pretrained !== undefined && { pretrained }), recipe };
}
