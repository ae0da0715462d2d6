import { choicesText, UserError } from '@unweather/core-tensor';
import {
  foreignPackageFor,
  howToTrain,
  type InstalledModel,
  installCommand,
  noWeights,
  ownWeights,
  quickWeights,
  requireWeights,
  usualWeights,
} from '@unweather/model';
import { closest } from 'fastest-levenshtein';
import { type KnownModel, MODELS, PAPERS, WEATHERS } from '../papers.js';
import { UsageError } from '../usage-error.js';

/** Names that `--model` takes. */
const NAMES: readonly string[] = [...MODELS.map(({ name }) => name), ...WEATHERS];

/** A model and its checkpoint. */
export interface ChosenModel {
  readonly model: KnownModel;
  readonly entry: InstalledModel;
  readonly weights: string;
  /** Other models that remove the same and have weights, if a weather was named, not a paper. */
  readonly others: readonly KnownModel[];
}

/**
 * Finds a model by its name, or by a weather: then the first in the order of {@link MODELS} that has weights of ours or
 * the user's own. Weights in packages of other publishers serve a model that is named.
 * @param weights checkpoint to take instead of the default weights
 * @throws UsageError for an unknown name, with the nearest; for weights whose network is not named
 * @throws UserError where there are no weights, with the places searched and the command that trains them; for named
 * weights that are missing
 */
export async function chooseModel(name: string, weights?: string): Promise<ChosenModel> {
  const candidates = MODELS.filter((model) => model.name === name || model.removes === name);
  if (candidates.length === 0) {
    const meant = MODELS.find(({ paper }) => paper === name)?.name ?? closest(name, NAMES);
    throw new UsageError(`there is no model "${name}"; did you mean ${meant}? "unweather models" lists all`);
  }
  const byWeather = candidates[0]!.name !== name;
  if (weights !== undefined) {
    if (byWeather && candidates.length > 1) {
      const entries = await Promise.all(candidates.map(entryOf));
      await requireWeights(entries as [InstalledModel, ...InstalledModel[]], weights);
      throw new UsageError(`--weights belong to one network; choose it with --model ${namesOf(candidates, ' or ')}`);
    }
    const [model] = candidates as [KnownModel];
    return { model, entry: await entryOf(model), weights, others: [] };
  }
  const all = await Promise.all(candidates.map(withUsualWeights));
  const first = (byWeather ? await Promise.all(all.map(withOwnWeights)) : all).find(hasWeights);
  if (first === undefined) throw missing(name, all, byWeather);
  const others = all.filter((found) => found.model !== first.model && hasWeights(found));
  return { ...first, others: others.map(({ model }) => model) };
}

/** A model with its networks and the name of its default weights. */
export interface ModelWithWeights {
  readonly model: KnownModel;
  readonly entry: InstalledModel;
  readonly weights: string | undefined;
}

/**
 * Finds a model's default weights: its package's, else those of another publisher that the user installed, else those
 * that its training left in the working directory.
 */
export async function withUsualWeights(model: KnownModel): Promise<ModelWithWeights> {
  const entry = await entryOf(model);
  return { model, entry, weights: await usualWeights(entry, model.task) };
}

/** Replaces the weights of another publisher by those that training left, if any. */
async function withOwnWeights({ model, entry }: ModelWithWeights): Promise<ModelWithWeights> {
  return { model, entry, weights: await ownWeights(entry, model.task) };
}

/** Loads the networks and weights of a model's paper, whose package takes a while to load. */
async function entryOf({ paper }: KnownModel): Promise<InstalledModel> {
  return (await PAPERS[paper].model()).model;
}

function hasWeights(found: ModelWithWeights): found is ModelWithWeights & { readonly weights: string } {
  return found.weights !== undefined;
}

/** Command that trains a model's default weights. */
export function trainingOf({ model, entry }: Pick<ModelWithWeights, 'model' | 'entry'>): string {
  return howToTrain(entry, model.task);
}

function missing(name: string, all: readonly ModelWithWeights[], byWeather: boolean): UserError {
  const [first] = all as [ModelWithWeights];
  if (!byWeather && foreignPackageFor(first.entry, first.model.task)) return noWeights(first.entry, first.model.task);
  const places = all.map(({ model, entry }) => quickWeights(entry, model.task));
  const train = `train some with "${trainingOf(first)}"`;
  return new UserError(
    `${name} has no weights here (no ${choicesText(places)}, and no package carries any); ` +
      [...all.flatMap(foreignWay), train, 'or give a checkpoint with --weights'].join(', '),
  );
}

/** Says how to use weights of another publisher for a model; nothing if none are known. */
function foreignWay({ model, entry, weights }: ModelWithWeights): string[] {
  const known = foreignPackageFor(entry, model.task);
  if (known === undefined) return [];
  const named = `name --model ${model.name}, which has those of ${known.name}`;
  return [weights === known.name ? named : `run "${installCommand(known)}" and ${named}`];
}

function namesOf(models: readonly KnownModel[], between: string): string {
  return models.map(({ name }) => name).join(between);
}
