import { elements, float32, type State, type TensorData } from '../graph/tensor-data.js';
import { fnv1a, Random } from '../support/random.js';

/** A parameter's name and shape, as a golden file lists them. */
export type NamedShape = readonly [name: string, shape: readonly number[]];

/** Names and shapes of a network's parameters, in state_dict order. */
export function shapesOf(parameters: ReadonlyMap<string, { readonly shape: readonly number[] }>): NamedShape[] {
  return [...parameters].map(([name, { shape }]) => [name, shape]);
}

/**
 * Weights of golden files: values that depend only on a tensor's name and shape, so that any language can make them
 * (mulberry32 uniforms seeded by the FNV-1a hash of the name, scaled by the kind of tensor).
 * @param initial values of the tensors that keep their initial value (counters, single mixing factors)
 */
export function goldenState(shapes: Iterable<NamedShape>, gain: number, initial: State): State {
  return new Map([...shapes].map(([name, shape]) => [name, filled(name, shape, gain) ?? initial.get(name)!]));
}

/** A picture of a golden case, by kind ("input", "target", "negative"): uniforms in [0, 1), NCHW. */
export function goldenPicture(kind: string, name: string, shape: readonly number[]): TensorData {
  return float32(new Float32Array(uniforms(`${kind}:${name}`, elements(shape))), shape);
}

function filled(name: string, shape: readonly number[], gain: number): TensorData | undefined {
  const count = elements(shape);
  const leaf = name.split('.').at(-1)!;
  const scalesItself = ['bias', 'running_mean', 'running_var'].includes(leaf);
  if (leaf === 'num_batches_tracked' || (count === 1 && shape.length <= 1 && !scalesItself)) return undefined;
  // The output axis of a kernel comes first in PyTorch ("weight") and last in Flax ("kernel").
  const fanIn = elements(leaf === 'kernel' ? shape.slice(0, -1) : shape.slice(1));
  const spread = Math.sqrt(3 / fanIn) * gain;
  const value = (u: number): number => {
    if (leaf === 'running_var') return 1 + 0.5 * u;
    if (leaf === 'running_mean') return 0.1 * (2 * u - 1);
    if (shape.length >= 2) return (2 * u - 1) * spread;
    if (leaf === 'weight' || leaf === 'scale') return 1 + 0.1 * (2 * u - 1);
    return 0.05 * (2 * u - 1);
  };
  return float32(new Float32Array(uniforms(name, count).map(value)), shape);
}

function uniforms(name: string, count: number): Float64Array {
  const random = new Random(fnv1a(name));
  return new Float64Array(count).map(() => random.uniform());
}
