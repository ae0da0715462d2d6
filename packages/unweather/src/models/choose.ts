import { choicesText, UserError } from '@unweather/core-tensor';
import { howToTrain, type InstalledModel, quickWeights, requireWeights, usualWeights } from '@unweather/model';
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
 * Finds a model by its name, or by a weather: then the first in the order of {@link MODELS} that has weights.
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
  const [first, ...others] = all.filter(hasWeights);
  if (first === undefined) throw new UserError(missing(name, all));
  return { ...first, others: others.map(({ model }) => model) };
}

/** A model with its networks and the name of its default weights. */
export interface ModelWithWeights {
  readonly model: KnownModel;
  readonly entry: InstalledModel;
  readonly weights: string | undefined;
}

/** Finds a model's default weights: its package's, else those that its training left in the working directory. */
export async function withUsualWeights(model: KnownModel): Promise<ModelWithWeights> {
  const entry = await entryOf(model);
  return { model, entry, weights: await usualWeights(entry, model.task) };
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

function missing(name: string, all: readonly ModelWithWeights[]): string {
  const [first] = all as [ModelWithWeights];
  const places = all.map(({ model, entry }) => quickWeights(entry, model.task));
  return (
    `${name} has no weights here (no ${choicesText(places)}, and no package carries any); train some with ` +
    `"${trainingOf(first)}", or give a checkpoint with --weights`
  );
}

function namesOf(models: readonly KnownModel[], between: string): string {
  return models.map(({ name }) => name).join(between);
}
