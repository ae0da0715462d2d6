import { hashOfWeights, initialState, type State, type TrainingStep } from '@unweather/core-tensor';
import { fits, networkNamed, readWeights } from '@unweather/model';
import type { Recipe } from '../recipe.js';
import type { Study } from '../study.js';

/**
 * Makes the initial weights of a training: those of a checkpoint, with their hash, or random ones.
 * @param key where the weights are in that checkpoint, if in an unusual place
 * @throws UserError if the checkpoint is of another network
 */
export async function firstWeights(
  paper: Study,
  network: string,
  step: TrainingStep,
  recipe: Recipe,
  pretrained?: string,
  key?: string,
): Promise<{ readonly weights: State; readonly optimiser: State; readonly pretrained?: string }> {
  const optimiser = step.optimiserState();
  if (pretrained !== undefined) {
    const { weights } = await readWeights(paper, network, pretrained, step.parameters, key);
    return { weights, optimiser, pretrained: hashOfWeights(weights) };
  }
  const scratch = fromScratch(step, recipe);
  return {
    weights: recipe.startAsIdentity ? networkNamed(paper, network).asIdentity!(scratch) : scratch,
    optimiser,
  };
}

function fromScratch({ parameters }: TrainingStep, { seed, startAtZero }: Recipe): State {
  const state = initialState(parameters, seed);
  for (const layer of [startAtZero ?? []].flat())
    for (const [name, { data }] of state)
      if (parameters.get(name)!.trained && fits(`${layer}.*`, name)) data.fill(0 as never);
  return state;
}
