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
 * @param initial gives the values of tensors that keep their initial value (counters, single mixing factors)
 */
export function goldenState(
  shapes: Iterable<NamedShape>,
  gain: number,
  initial: (name: string) => TensorData | undefined = () => undefined,
): State {
  return new Map([...shapes].map(([name, shape]) => [name, filled(name, shape, gain) ?? initial(name)!]));
}

/** A picture of a golden case, by kind ("input", "target", "negative"): uniforms in [0, 1), NCHW. */
export function goldenPicture(kind: string, name: string, shape: readonly number[]): TensorData {
  return float32(
    drawn(`${kind}:${name}`, elements(shape), (u) => u),
    shape,
  );
}

function filled(name: string, shape: readonly number[], gain: number): TensorData | undefined {
  const count = elements(shape);
  const leaf = name.split('.').at(-1)!;
  const scalesItself = ['bias', 'running_mean', 'running_var'].includes(leaf);
  if (leaf === 'num_batches_tracked' || (count === 1 && shape.length <= 1 && !scalesItself)) return undefined;
  // The output axis of a kernel comes first in PyTorch ("weight") and last in Flax ("kernel").
  const fanIn = elements(leaf === 'kernel' ? shape.slice(0, -1) : shape.slice(1));
  const spread = Math.sqrt(3 / fanIn) * gain;
  const of = (value: (u: number) => number) => float32(drawn(name, count, value), shape);
  if (leaf === 'running_var') return of((u) => 1 + 0.5 * u);
  if (leaf === 'running_mean') return of((u) => 0.1 * (2 * u - 1));
  if (shape.length >= 2) return of((u) => (2 * u - 1) * spread);
  if (leaf === 'weight' || leaf === 'scale') return of((u) => 1 + 0.1 * (2 * u - 1));
  return of((u) => 0.05 * (2 * u - 1));
}

/** Draws uniforms from the stream of a name and turns each into a value. */
function drawn(name: string, count: number, value: (u: number) => number): Float32Array<ArrayBuffer> {
  const random = new Random(fnv1a(name));
  const values = new Float32Array(count);
  // A loop: with map, the golden weights of a large network took six times as long.
  for (let i = 0; i < count; i++) values[i] = value(random.uniform());
  return values;
}
