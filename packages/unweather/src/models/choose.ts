import { access } from 'node:fs/promises';
import type { Paper } from '@unweather/commands';
import { defaultWeights, howToTrain } from '@unweather/commands/model';
import { UserError } from '@unweather/core-tensor';
import { closest } from 'fastest-levenshtein';
import { UsageError } from '../usage-error.js';
import { type KnownModel, MODELS, WEATHERS } from './known.js';
import { paperOf } from './papers.js';

/** What `--model` takes. */
const NAMES: readonly string[] = [...MODELS.map(({ name }) => name), ...WEATHERS];

/** A model with the checkpoint that it takes. */
export interface ChosenModel {
  readonly model: KnownModel;
  readonly paper: Paper;
  readonly weights: string;
  /** Others that remove the same and have weights, where a weather was named and not a paper. */
  readonly others: readonly KnownModel[];
}

/**
 * The model of a name: one model's, or a weather's, of which the first in the order of {@link MODELS} that has weights.
 * @param weights checkpoint that is to be taken instead of the default one
 * @throws UsageError for a name that is none, with the nearest; for weights without the network they are of
 * @throws UserError where there are no weights, saying where they are looked for and how they are made
 */
export async function chooseModel(name: string, weights?: string): Promise<ChosenModel> {
  const candidates = MODELS.filter((model) => model.name === name || model.removes === name);
  if (candidates.length === 0) {
    const meant = MODELS.find(({ paper }) => paper === name)?.name ?? closest(name, NAMES);
    throw new UsageError(`there is no model "${name}"; did you mean ${meant}? "unweather models" lists all`);
  }
  const byWeather = candidates[0]!.name !== name;
  if (weights !== undefined) {
    if (byWeather && candidates.length > 1)
      throw new UsageError(`--weights are of one network; name it, --model ${namesOf(candidates, ' or ')}`);
    const [model] = candidates as [KnownModel];
    return { model, paper: await paperOf(model), weights, others: [] };
  }
  const all = await Promise.all(candidates.map(withDefaultWeights));
  const [first, ...others] = all.filter(({ there }) => there);
  if (first === undefined) throw new UserError(missing(name, all));
  return { ...first, others: others.map(({ model }) => model) };
}

/** A model with its paper, the place of its default weights in the working directory, and whether they are there. */
export async function withDefaultWeights(model: KnownModel) {
  const paper = await paperOf(model);
  const weights = defaultWeights(paper, model.task);
  const there = await access(weights).then(
    () => true,
    () => false,
  );
  return { model, paper, weights, there };
}

/** The command that makes a model's default weights, in the repository. */
export function trainingOf({ model, paper }: { readonly model: KnownModel; readonly paper: Paper }): string {
  return howToTrain(paper, model.task);
}

function missing(name: string, all: readonly Awaited<ReturnType<typeof withDefaultWeights>>[]): string {
  const [first] = all as [(typeof all)[number]];
  const places = all.map(({ weights }) => weights).join(', ');
  return `${name} has no weights here (no ${places}); train some in the repository with "${trainingOf(first)}", or name a checkpoint with --weights`;
}

function namesOf(models: readonly KnownModel[], between: string): string {
  return models.map(({ name }) => name).join(between);
}
