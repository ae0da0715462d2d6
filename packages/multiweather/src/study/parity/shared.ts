import {
  goldenState,
  initialValue,
  type Parameter,
  type State,
  type TensorData,
  type Vgg,
} from '@unweather/core-tensor';
import type { MSBDN } from '../../networks/msbdn.js';

/** Tolerances for values, losses and gradients: rounding, and the differences between engines. */
export const [VALUE, LOSS, GRADIENT] = [
  { relative: 1e-4, absolute: 1e-4 },
  { relative: 1e-4, absolute: 0 },
  { relative: 1e-3, absolute: 5e-6 },
];

/** Fills parameters by formula; a tensor's seed is its name in the golden files, with prefix ("teacher0:", "ckt:"). */
export function filled(
  parameters: ReadonlyMap<string, Parameter>,
  gain: number,
  seedOf: (name: string) => string = (name) => name,
): State {
  const seeds = new Map([...parameters].map(([name, parameter]) => [seedOf(name), { name, parameter }]));
  const kept = (seed: string) => {
    const { name, parameter } = seeds.get(seed)!;
    return initialValue(name, parameter, 0);
  };
  const shapes = [...seeds].map(([seed, { parameter }]) => [seed, parameter.shape] as const);
  return new Map([...goldenState(shapes, gain, kept)].map(([seed, value]) => [seeds.get(seed)!.name, value]));
}

/** Weights of the student or, with a prefix, of a teacher. */
export function networkState(network: MSBDN, gain: number, prefix = ''): State {
  return filled(network.parameters(), gain, (name) => `${prefix}${name}`);
}

/** Renames transfer modules from "ckt.NAME" in our states to "ckt:NAME" in the golden files. */
export const asGolden = (name: string) => name.replace(/^ckt\./, 'ckt:');

export function vggState(vgg: Vgg): State {
  return filled(vgg.parameters('vgg19'), 1);
}

/** Concatenates tensors along their first axis. */
export function joined(parts: readonly TensorData[]): TensorData {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part.data as Float32Array, offset);
    offset += part.data.length;
  }
  const count = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return { dtype: 'float32', shape: [count, ...parts[0]!.shape.slice(1)], data };
}
