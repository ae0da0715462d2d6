import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EngineOptions,
  exists,
  initialState,
  type OpenedEngine,
  type Parameter,
  readVgg,
  type State,
  type TrainingStep,
  UserError,
  type Vgg,
  writableFolder,
  writeCheckpoint,
} from '@unweather/core-tensor';
import { meanOf } from '@unweather/eval';
import {
  type FrozenFiles,
  type KeepingOptions,
  limitsOf,
  newestCheckpoint,
  type OnBadPair,
  type OnNan,
  type Position,
  type Recorder,
  type Reporter,
  type Run,
  recorded,
  requireSameRecipe,
  requireUnchanged,
  requireValidation,
  resumedFrom,
  runStages,
  SkippedPairs,
  settingsIn,
  type Validated,
  Validation,
} from '@unweather/lab';
import { chosenEngine, pick } from '@unweather/model';
import { z } from 'zod';
import { MSBDN } from '../networks/msbdn.js';
import { networkName } from '../networks/widths.js';
import { type MixedPlan, mixedPlan } from './data/plan.js';
import { embeddedWeathers, identityOf, type Weather, weathersOf } from './data/weathers.js';
import { transferModules } from './networks/transfer.js';
import { Recipe, type RecipeOptions } from './recipes.js';
import { reportStudent, studentWith } from './report.js';
import { collationStep, contrastiveVgg, transferParameters } from './stages/collation.js';
import { examinationStep } from './stages/examination.js';
import { isGuest, type Teacher } from './stages/guest.js';
import { readTeacher, Teachers, teacherIdentity } from './stages/knowledge.js';
import { mixedStage } from './stages/stage.js';
import { nearIdentity } from './start.js';

export interface TrainOptions extends EngineOptions, FrozenFiles, KeepingOptions, RecipeOptions {
  /** 'all': teachers of every weather, then the student. */
  readonly stage: 'all' | 'teacher' | 'student';
  /** Weather of the teacher, if the stage is 'teacher'. */
  readonly weather?: string;
  /**
   * Teachers in the order of the meta files' names: checkpoints, or models of other packages (PAPER:TASK); default: the
   * checkpoints in the output folder.
   */
  readonly teachers?: readonly string[];
  /** Folders of meta files, one file per weather; default: the embedded photographs. */
  readonly metaTrain?: string;
  readonly metaValid?: string;
  readonly root?: string;
  /** What is done about a pair that cannot be used; default: stop. */
  readonly onBadPair?: OnBadPair;
  /** Reaction to a loss or weights that are no longer numbers; default: stop. */
  readonly onNan?: OnNan;
  readonly out: string;
  /** Resumes from the checkpoints in the output folder; 'auto': each from its newest whole one. */
  readonly resume?: boolean | 'auto';
}

/** Shared parts of all networks of a training. */
interface Context {
  readonly options: TrainOptions;
  readonly recipe: Recipe;
  readonly weathers: readonly Weather[];
  readonly validation: readonly Weather[];
  readonly vgg: Vgg | undefined;
  readonly judges: State;
  readonly engine: OpenedEngine;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly limits: ReturnType<typeof limitsOf>;
  /** Called for pairs that cannot be used, which are replaced; without it, the first one ends the training. */
  readonly onBadPair: SkippedPairs['add'] | undefined;
}

const STUDENT = 'latest.safetensors';
const teacherFile = (weather: string) => `teacher-${weather}.safetensors`;
/** Least number of steps between checkpoints, which are written after epochs. */
const SAVE_EVERY = 25;

/**
 * Reads the recipe of the run in the output folder.
 * @param chosen recipe of the options, which a run that is resumed by 'auto' must have
 * @returns undefined if there is no checkpoint of the stage, and `resume` is 'auto'
 * @throws UserError if the folder holds no checkpoint of the stage, or an option would change the recipe
 */
export async function resumedRecipe(
  out: string,
  {
    resume,
    stage,
    weather,
    set,
    seed,
    steps,
  }: Pick<TrainOptions, 'resume' | 'stage' | 'weather' | 'set' | 'seed' | 'steps'>,
  chosen: Recipe,
  reporter: Pick<Reporter, 'say'>,
): Promise<Recipe | undefined> {
  const auto = resume === 'auto';
  if (!auto) requireUnchanged({ set, seed, steps });
  const files = (await exists(out)) ? await readdir(out) : [];
  const wanted = { all: /^(teacher-.+|latest)\.safetensors$/, teacher: teacherFile(`${weather}`), student: STUDENT };
  const file = files.sort().find((name) => name.match(wanted[stage])?.[0] === name);
  if (file === undefined) {
    if (auto) return undefined;
    throw new UserError(
      `${out}: contains no checkpoint to resume from; give the --out of the run, or leave out --resume`,
    );
  }
  const path = auto ? (await newestCheckpoint(out, file, (text) => reporter.say(text)))! : join(out, file);
  const { recipe } = await settingsIn(path, z.object({ recipe: Recipe }));
  if (auto) requireSameRecipe(path, recipe, chosen);
  return recipe;
}

/**
 * Trains teachers, or the student with their knowledge, or all of them.
 * @returns true if it ran to the end; an interrupted run has written its checkpoint
 * @throws UserError for everything a user can fix
 */
export async function train(
  recipe: Recipe,
  options: TrainOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  return recorded(reporter, (recorder) => trained(recipe, options, recorder, signal));
}

async function trained(
  recipe: Recipe,
  options: TrainOptions,
  reporter: Recorder,
  signal: AbortSignal,
): Promise<boolean> {
  const limits = limitsOf(options);
  if (options.stage === 'teacher' || options.validateEvery === 0) requireValidation(options, false);
  if (recipe.needsData && options.metaTrain === undefined)
    throw new UserError(
      `recipe "${recipe.name}" needs datasets of yours; give the folder of their meta files with --meta-train`,
    );
  const vgg = recipe.contrast ? contrastiveVgg() : undefined;
  const judges = vgg === undefined ? new Map() : await readVgg(vgg, options.vgg);
  const say = (text: string) => reporter.say(text);
  const skipped = options.onBadPair === 'skip' ? new SkippedPairs(say) : undefined;
  const folder = (path: string | undefined, split: 'train' | 'held-out') =>
    path === undefined
      ? embeddedWeathers(split)
      : weathersOf(path, options.root, { skipped, keep: split === 'train', say });
  const weathers = await folder(options.metaTrain, 'train');
  const validation = await folder(options.metaValid, 'held-out');
  await writableFolder(options.out);
  if (!recipe.contrast)
    reporter.say(`recipe ${recipe.name} trains without the contrastive terms, which need VGG19's weights`);
  const engine = await chosenEngine({ ...options, rewrite: false }, reporter);
  await reporter.open({ out: options.out, recipe, resumed: Boolean(options.resume), engine });
  const onBadPair = skipped?.add;
  const context: Context = {
    ...{ options, recipe, weathers, validation, vgg, judges, engine, reporter, signal, limits, onBadPair },
  };
  if (options.stage === 'teacher')
    return (await trainTeacher(context, pickWeather(weathers, options.weather), undefined)) !== undefined;
  let before: State | undefined;
  if (options.stage === 'all')
    for (const weather of weathers) {
      before = await trainTeacher(context, weather, before);
      if (before === undefined) return false;
    }
  return trainStudent(context).finally(() => skipped?.sum());
}

function pickWeather(weathers: readonly Weather[], name: string | undefined): Weather {
  const table = Object.fromEntries(weathers.map((weather) => [weather.name, weather]));
  if (name === undefined) throw new UserError(`choose a teacher with --weather: ${Object.keys(table).join(', ')}`);
  return pick('weather', table, name);
}

/**
 * Trains the teacher of one weather by L1 and, if the recipe has it, the contrastive term with each picture's own
 * negative.
 * @param before weights of the teacher trained before
 * @returns its weights; undefined if the signal came
 */
async function trainTeacher(context: Context, weather: Weather, before: State | undefined): Promise<State | undefined> {
  const { recipe, vgg, options } = context;
  const { batch, crop, teacherEpochs: epochs, seed } = recipe;
  const network = new MSBDN(recipe.width);
  const parameters = network.parameters();
  const plan = mixedPlan({ ...recipe, weathers: [weather] });
  const step = examinationStep({ student: network, vgg, batch, size: [crop, crop], own: true });
  const title = `teacher of ${weather.name}: ${epochs * plan.stepsPerEpoch} steps of ${batch} ${crop}×${crop} patches`;
  const run: Run = {
    ...common(context, plan),
    ...{ part: `teacher-${weather.name}`, file: teacherFile(weather.name), parameters },
    stages: [mixedStage({ ...context, plan, epochs }, { title, until: epochs, step: () => step })],
    settings: { teacher: identityOf([weather]), recipe },
  };
  const start = recipe.start === 'chain' ? (before ?? nearIdentity(initialState(parameters, seed))) : undefined;
  const from = await positionOf(run, parameters, step, options.resume, start);
  if (from.done >= run.stages[0].to)
    return new Map([...parameters.keys()].map((name) => [name, from.state.get(name)!]));
  const { finished, weights } = await runStages(run, from);
  return finished ? weights : undefined;
}

async function trainStudent(context: Context): Promise<boolean> {
  const { recipe, weathers, options, reporter } = context;
  const files = options.teachers ?? weathers.map(({ name }) => join(options.out, teacherFile(name)));
  if (files.length !== weathers.length)
    throw new UserError(
      `${files.length} teachers for ${weathers.length} weathers (${weathers.map(({ name }) => name).join(', ')}); ` +
        'give one for each, in this order',
    );
  const teachers: Teacher[] = [];
  try {
    for (const file of files) teachers.push(await readTeacher(file, recipe.width, options));
    const guests = teachers.filter(isGuest).map(({ name, model }) => `${name} (${model.network}, ${model.weights})`);
    if (guests.length > 0) reporter.say(`all teachers show their pictures, not their features: ${guests.join('; ')}`);
    return await taught(context, teachers);
  } finally {
    for (const teacher of teachers) if (isGuest(teacher)) await teacher.model.dispose();
  }
}

/** Trains the student by its teachers' knowledge. */
async function taught(context: Context, teachers: readonly Teacher[]): Promise<boolean> {
  const { recipe, weathers, vgg, options, engine, reporter } = context;
  const { batch, crop, width, collationEpochs } = recipe;
  const student = new MSBDN(width);
  const transfer = teachers.some(isGuest) ? [] : transferModules(teachers.length, width);
  const size = [crop, crop] as const;
  const plan = mixedPlan({ ...recipe, weathers });
  const epochs = collationEpochs + recipe.examinationEpochs;
  const stageAt = { ...context, plan, epochs };
  const counts = recipe.draw === 'balanced' ? plan.counts(0) : undefined;
  const collation = collationStep({ student, transfer, teachers: teachers.length, counts, vgg, size });
  const stages: Run['stages'] = [
    mixedStage(stageAt, {
      name: 'collation',
      title: `knowledge collation by ${teachers.length} teachers: until step ${collationEpochs * plan.stepsPerEpoch}`,
      until: collationEpochs,
      step: () => collation,
      teachers: () => Teachers.open(engine, width, teachers),
    }),
    mixedStage(stageAt, {
      name: 'examination',
      title: `knowledge examination: until step ${epochs * plan.stepsPerEpoch}`,
      until: epochs,
      step: () => examinationStep({ student, vgg, batch, size }),
    }),
  ];
  const run: Run = {
    ...common(context, plan),
    ...{ part: 'student', file: STUDENT, parameters: student.parameters(), stages },
    contents: `${networkName(width)} with ${transfer.length > 0 ? teachers.length : 0} transfer modules`,
    settings: { student: identityOf(weathers), teachers: teachers.map(teacherIdentity), recipe },
  };
  const parameters = new Map([...student.parameters(), ...transferParameters(transfer)]);
  const last = teachers.findLast((teacher): teacher is State => !isGuest(teacher));
  const start =
    recipe.start === 'chain' ? (last ?? nearIdentity(initialState(student.parameters(), recipe.seed))) : undefined;
  const from = await positionOf(run, parameters, collation, options.resume, start);
  const validation = options.validateEvery === 0 ? undefined : await validationOf(context, plan, from);
  const { finished, done, weights } = await runStages({ ...run, validation }, from);
  if (!finished) return false;
  const file = join(options.out, 'student.safetensors');
  const progress = { step: done, seed: recipe.seed, recipe };
  await writeCheckpoint(file, networkName(width), weights, progress);
  reporter.wrote(file);
  return reportStudent(studentWith(weights, width, engine), { ...options, ...context });
}

/** Parts of a run that do not depend on the network. */
function common({ recipe, options, reporter, signal, limits }: Context, { stepsPerEpoch }: MixedPlan) {
  return {
    ...{ folder: options.out, network: networkName(recipe.width), seed: recipe.seed, reporter, signal },
    ...limits,
    onNan: options.onNan,
    saveEvery: stepsPerEpoch * Math.ceil(SAVE_EVERY / stepsPerEpoch),
  };
}

/**
 * Returns the first position of a run, or that of its checkpoint.
 * @param start weights that replace random ones
 */
async function positionOf(
  { folder, file, network, contents = network, settings, seed, reporter }: Run,
  parameters: ReadonlyMap<string, Parameter>,
  step: TrainingStep,
  resume: TrainOptions['resume'] = false,
  start: State = new Map(),
): Promise<Position> {
  const newest = join(folder, file);
  const path = resume === 'auto' ? await newestCheckpoint(folder, file, (text) => reporter.say(text)) : newest;
  if (resume && path !== undefined && (await exists(path))) return resumedFrom(path, contents, parameters, settings);
  const state: State = new Map([...initialState(parameters, seed), ...step.optimiserState(), ...start]);
  return { done: 0, state };
}

/** Validation under every weather; the best three checkpoints are kept, with their scores in their names. */
function validationOf(
  { recipe, options, validation, engine }: Context,
  { stepsPerEpoch }: MixedPlan,
  from: Position,
): Promise<Validation> {
  return Validation.open(
    {
      folder: options.out,
      sets: validation.map(({ name, pairs }) => ({ pairs, dataset: name, split: '', identity: '', note: '' })),
      every: options.validateEvery ?? recipe.validateEvery * stepsPerEpoch,
      metric: options.keepBest,
      pictures: Infinity,
      keep: 3,
      nameOf({ step, sets }: Validated) {
        const [psnr, ssim] = [meanOf(sets, (set) => set.psnr), meanOf(sets, (set) => set.ssim)];
        return `epoch_${Number((step / stepsPerEpoch).toFixed(2))}_psnr${psnr.toFixed(3)}_ssim${ssim.toFixed(3)}.safetensors`;
      },
      subject: (weights) => studentWith(weights, recipe.width, engine),
    },
    from.done,
  );
}
