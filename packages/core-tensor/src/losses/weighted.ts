import type { Tensor } from '../graph/tensor.js';
import { add } from '../ops/add.js';
import { mul } from '../ops/mul.js';
import { sub } from '../ops/sub.js';
import { UserError } from '../support/error.js';
import { choicesText } from '../support/shown.js';
import type { Loss } from './loss.js';

/** A loss that is a weighted sum of its terms. */
export type WeightedLoss = Loss & {
  /** Weight of every term, by name; negative for a term that should be large. */
  readonly weights: Readonly<Record<string, number>>;
};

/** Makes a loss that is the weighted sum of some terms, added in the order of the weights. */
export function weightedLoss<Name extends string>(
  weights: Readonly<Record<Name, number>>,
  terms: (...pictures: Parameters<Loss>) => Readonly<Record<Name, Tensor>>,
): WeightedLoss {
  const names = Object.keys(weights) as Name[];
  const loss: Loss = (...pictures) => {
    const all = terms(...pictures);
    const scaled = (name: Name) =>
      Math.abs(weights[name]) === 1 ? all[name] : mul(all[name], Math.abs(weights[name]));
    const total = names
      .slice(1)
      .reduce(
        (sum, name) => (weights[name] < 0 ? sub(sum, scaled(name)) : add(sum, scaled(name))),
        weights[names[0]!] < 0 ? mul(all[names[0]!], weights[names[0]!]) : scaled(names[0]!),
      );
    return { total, ...all };
  };
  return Object.assign(loss, { weights });
}

/**
 * Makes a loss with other weights for some of its terms.
 * @param changes new weights, by the names of terms
 * @throws UserError if the loss has no weights or lacks a named term
 */
export function reweighted(loss: Loss | WeightedLoss, changes: Readonly<Record<string, number>>): Loss {
  if (!('weights' in loss)) throw new UserError('loss.weights: this loss has no weights to change; leave them out');
  for (const name of Object.keys(changes))
    if (!Object.hasOwn(loss.weights, name))
      throw new UserError(
        `loss.weights.${name}: the loss has no such term; it has ${choicesText(Object.keys(loss.weights))}`,
      );
  return weightedLoss({ ...loss.weights, ...changes }, (...pictures) => {
    const { total: _, ...terms } = loss(...pictures);
    return terms;
  });
}
