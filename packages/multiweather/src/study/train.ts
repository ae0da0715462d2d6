import { join } from 'node:path';
import {
  type EngineOptions,
  hashOfWeights,
  initialState,
  type OpenedEngine,
  type Parameter,
  readVgg,
  type State,
  toBytes,
  UserError,
  type Vgg,
  writableFolder,
  writeCheckpoint,
} from '@unweather/core-tensor';
import { meanOf, type ResultRecord, summaryTable, writeContactSheet, writeResults } from '@unweather/eval';
import { chosenRecipe, evaluate, type FrozenFiles, networkContender, type Reporter } from '@unweather/lab';
import { chosenEngine, pick } from '@unweather/model';
import { MSBDN } from '../networks/msbdn.js';
import { networkName } from '../networks/widths.js';
import { mixedPlan } from './data/plan.js';
import { embeddedWeathers, identityOf, type Weather, weathersOf } from './data/weathers.js';
import { transferModules } from './networks/transfer.js';
import { multiweatherProtocol } from './protocol.js';
import { Recipe, recipes } from './recipes.js';
import { collationStep, contrastiveVgg, transferParameters } from './stages/collation.js';
import { examinationStep } from './stages/examination.js';
import { readTeacher, Teachers } from './stages/knowledge.js';
import { positionOf, runStage, type Stage, type StageRun } from './stages/run.js';
import { nearIdentity } from './start.js';
import { study } from './study.js';
import { Top } from './top.js';

export interface TrainOptions extends EngineOptions, FrozenFiles {
  /** 'all': teachers of every weather, then the student. */
  readonly stage: 'all' | 'teacher' | 'student';
  /** Weather of the teacher, if the stage is 'teacher'. */
  readonly weather?: string;
  /** Checkpoints of the teachers, in the order of the meta files' names; default: those in the output folder. */
  readonly teachers?: readonly string[];
  /** Name of a recipe, or path of a JSON file that holds one. */
  readonly recipe: string;
  /** Changes to the recipe, `KEY=VALUE` each. */
  readonly set?: readonly string[];
  /** Folders of meta files, one file per weather; default: the embedded photographs. */
  readonly metaTrain?: string;
  readonly metaValid?: string;
  readonly root?: string;
  readonly out: string;
  readonly seed?: number;
  /** Resumes from the checkpoints in the output folder. */
  readonly resume?: boolean;
}

/** Shared parts of all stages of a run. */
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
}

/** Recipe of the options, with their changes. @throws UserError if it cannot be used */
export async function recipeOf({ recipe, set, seed }: Pick<TrainOptions, 'recipe' | 'set' | 'seed'>): Promise<Recipe> {
  const found = await chosenRecipe({ schema: Recipe, table: recipes }, recipe, set);
  return seed === undefined ? found : { ...found, seed };
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
  if (recipe.needsData && options.metaTrain === undefined)
    throw new UserError(
      `recipe "${recipe.name}" needs datasets of yours; give the folder of their meta files with --meta-train`,
    );
  const vgg = recipe.contrast ? contrastiveVgg() : undefined;
  const judges = vgg === undefined ? new Map() : await readVgg(vgg, options.vgg);
  const folder = (path: string | undefined, split: 'train' | 'held-out') =>
    path === undefined ? embeddedWeathers(split) : weathersOf(path, options.root);
  const weathers = await folder(options.metaTrain, 'train');
  const validation = await folder(options.metaValid, 'held-out');
  await writableFolder(options.out);
  if (!recipe.contrast)
    reporter.say(`recipe ${recipe.name} trains without the contrastive terms, which need VGG19's weights`);
  const engine = await chosenEngine({ ...options, rewrite: false }, reporter);
  const context: Context = { options, recipe, weathers, validation, vgg, judges, engine, reporter, signal };
  if (options.stage === 'teacher')
    return (await trainTeacher(context, pickWeather(weathers, options.weather), undefined)) !== undefined;
  let before: State | undefined;
  if (options.stage === 'all')
    for (const weather of weathers) {
      before = await trainTeacher(context, weather, before);
      if (before === undefined) return false;
    }
  return trainStudent(context);
}

function pickWeather(weathers: readonly Weather[], name: string | undefined): Weather {
  const table = Object.fromEntries(weathers.map((weather) => [weather.name, weather]));
  if (name === undefined) throw new UserError(`say which teacher with --weather: ${Object.keys(table).join(', ')}`);
  return pick('weather', table, name);
}

/**
 * Trains the teacher of one weather by L1 and, if the recipe has it, the contrastive term with each picture's own
 * negative.
 * @param before weights of the teacher trained before
 * @returns its weights; undefined if the signal came
 */
async function trainTeacher(context: Context, weather: Weather, before: State | undefined): Promise<State | undefined> {
  const { recipe, vgg, judges, options } = context;
  const network = new MSBDN(recipe.width);
  const plan = mixedPlan({ ...recipe, weathers: [weather] });
  const size = [recipe.crop, recipe.crop] as const;
  const stage: Stage = {
    network: networkName(recipe.width),
    step: examinationStep({ student: network, vgg, batch: recipe.batch, size, own: true }),
    parameters: network.parameters(),
    frozen: judges,
    until: recipe.teacherEpochs * plan.stepsPerEpoch,
    epochs: recipe.teacherEpochs,
  };
  const run = runOf(context, plan, teacherFile(options.out, weather), { teacher: identityOf([weather]), recipe });
  const from = await positionOf(
    run,
    stage,
    options.resume ?? false,
    recipe.start === 'chain' ? (before ?? nearIdentity(initialState(network.parameters(), recipe.seed))) : undefined,
  );
  if (from.done >= stage.until) return weightsOf(from.state, network);
  const { until } = stage;
  context.reporter.say(
    `teacher of ${weather.name}: ${until} steps of ${recipe.batch} ${recipe.crop}×${recipe.crop} patches`,
  );
  const { done, state } = await runStage(stage, run, from);
  return ended(context, done, until, run.file) ? weightsOf(state, network) : undefined;
}

async function trainStudent(context: Context): Promise<boolean> {
  const { recipe, weathers, vgg, judges, options, engine, reporter } = context;
  const files = options.teachers ?? weathers.map((weather) => teacherFile(options.out, weather));
  if (files.length !== weathers.length)
    throw new UserError(
      `${files.length} teachers for ${weathers.length} weathers (${weathers.map(({ name }) => name).join(', ')}); ` +
        'give one for each, in this order',
    );
  const states: State[] = [];
  for (const file of files) states.push(await readTeacher(file, recipe.width));
  const student = new MSBDN(recipe.width);
  const transfer = transferModules(files.length, recipe.width);
  const parameters: ReadonlyMap<string, Parameter> = new Map([
    ...student.parameters(),
    ...transferParameters(transfer),
  ]);
  const plan = mixedPlan({ ...recipe, weathers });
  const size = [recipe.crop, recipe.crop] as const;
  const epochs = recipe.collationEpochs + recipe.examinationEpochs;
  const network = `${networkName(recipe.width)} with ${files.length} transfer modules`;
  const common = { network, parameters, frozen: judges, epochs };
  const collation = collationStep({ student, transfer, teachers: files.length, vgg, size });
  const run = runOf(context, plan, join(options.out, 'latest.safetensors'), {
    student: identityOf(weathers),
    teachers: states.map(hashOfWeights),
    recipe,
  });
  const top = new Top(options.out);
  const onEpoch = async (epoch: number, state: State) => {
    if (epoch % recipe.validateEvery !== 0) return;
    const records = await validate(context, weightsOf(state, student));
    // The scores of an interrupted validation are useless.
    if (context.signal.aborted) return;
    const scores = {
      psnr: meanOf(records, ({ restored }) => restored.psnr),
      ssim: meanOf(records, ({ restored }) => restored.ssim),
    };
    const file = await top.offer(epoch, scores, (path) => writeStudent(path, context, student, state, epoch));
    if (file !== undefined) reporter.wrote(file);
  };

  const until = recipe.collationEpochs * plan.stepsPerEpoch;
  const start = recipe.start === 'chain' ? states.at(-1) : undefined;
  let at = await positionOf(run, { ...common, step: collation, until }, options.resume ?? false, start);
  if (at.done < until) {
    reporter.say(`knowledge collation by ${files.length} teachers: until step ${until}`);
    const teachers = await Teachers.open(engine, recipe.width, states);
    try {
      const given = (input: Float32Array<ArrayBuffer>, step: number) => teachers.of(input, plan.counts(step), size);
      at = await runStage({ ...common, step: collation, until, given }, { ...run, onEpoch }, at);
    } finally {
      await teachers.dispose();
    }
    if (!ended(context, at.done, until, run.file)) return false;
  }
  const end = epochs * plan.stepsPerEpoch;
  reporter.say(`knowledge examination: until step ${end}`);
  const examination = examinationStep({ student, vgg, batch: recipe.batch, size });
  at = await runStage({ ...common, step: examination, until: end }, { ...run, onEpoch }, at);
  if (!ended(context, at.done, end, run.file)) return false;

  const file = join(options.out, 'student.safetensors');
  await writeStudent(file, context, student, at.state, epochs);
  reporter.wrote(file);
  return report(context, weightsOf(at.state, student));
}

function runOf(context: Context, plan: StageRun['plan'], file: string, identity: unknown): StageRun {
  const { recipe, engine, reporter, signal } = context;
  return { recipe, plan, engine, reporter, signal, file, identity };
}

function teacherFile(out: string, { name }: Weather): string {
  return join(out, `teacher-${name}.safetensors`);
}

function ended({ reporter }: Context, done: number, until: number, file: string): boolean {
  if (done < until) {
    reporter.say(`stopped after step ${done} of ${until}; go on with --resume`);
    return false;
  }
  reporter.wrote(file);
  return true;
}

function weightsOf(state: State, network: MSBDN): State {
  return new Map([...network.parameters().keys()].map((name) => [name, state.get(name)!]));
}

async function writeStudent(
  path: string,
  { recipe }: Context,
  student: MSBDN,
  state: State,
  epoch: number,
): Promise<void> {
  const progress = { step: epoch, seed: recipe.seed, recipe };
  await writeCheckpoint(path, networkName(recipe.width), weightsOf(state, student), progress);
}

async function validate(context: Context, weights: State): Promise<ResultRecord[]> {
  const records: ResultRecord[] = [];
  for (const weather of context.validation) records.push(...(await scored(context, weather, weights)).records);
  return records;
}

function scored(
  { recipe, engine, reporter, signal, options }: Context,
  { name, pairs }: Weather,
  weights: State,
  keepScenes = false,
) {
  const dataset = options.metaValid ?? 'embedded';
  const data = { pairs, dataset, split: name, identity: '', note: '' };
  const [network, protocol] = [new MSBDN(recipe.width), multiweatherProtocol];
  const contender = networkContender(network, weights, engine);
  const subject = { paper: study, name: networkName(recipe.width), contender, protocol, data };
  return evaluate(subject, reporter, { signal, keepScenes });
}

/** Largest number of rows per weather in a contact sheet. */
const ROWS = 4;

async function report(context: Context, weights: State): Promise<boolean> {
  const { options, reporter, validation, recipe, signal } = context;
  const rows = [];
  const records: ResultRecord[] = [];
  for (const weather of validation) {
    const { records: scores, scenes } = await scored(context, weather, weights, weather.pairs.length <= 30);
    records.push(...scores.map((record) => ({ ...record, condition: weather.name })));
    // Takes every n-th picture only, so that levels and scenes alternate.
    const every = Math.max(1, Math.floor(scenes.length / ROWS));
    for (const [i, { input, restored, truth }] of scenes.entries())
      if (i % every === 0 && i / every < ROWS)
        rows.push({
          pictures: [input, restored, truth].map(toBytes),
          captions: [
            `${scores[i]!.input.psnr.toFixed(2)} dB`,
            `${scores[i]!.restored.psnr.toFixed(2)} dB`,
            `${weather.name}: ${scores[i]!.picture}`,
          ],
        });
  }
  if (signal.aborted) return false;
  const embedded = options.metaValid === undefined;
  const notes = [
    embedded
      ? 'Embedded set: photographs that travel with the repository, with synthesised weather. No paper’s benchmark.'
      : `Pairs of ${options.metaValid}.`,
    `Protocol ${multiweatherProtocol.name}: ${multiweatherProtocol.description}`,
  ];
  const heading = { title: `${networkName(recipe.width)}, one set of weights`, notes };
  for (const file of await writeResults(options.out, 'held-out', heading, records)) reporter.wrote(file);
  if (rows.length > 0) {
    const sheet = join(options.out, 'contact-sheet.png');
    await writeContactSheet(sheet, ['degraded', 'restored', 'truth'], rows);
    reporter.wrote(sheet);
  }
  reporter.result(`${notes.join('\n')}\n\n${summaryTable(records)}`, records);
  return true;
}
