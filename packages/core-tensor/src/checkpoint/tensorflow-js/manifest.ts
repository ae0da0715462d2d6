import * as z from 'zod';
import { elements, type State, type TensorData } from '../../graph/tensor-data.js';
import { fromHalf } from '../half.js';
import { Unreadable } from '../reader.js';

/** Bytes per number of the types that are read. */
const BYTES = { float32: 4, int32: 4, bool: 1 } as const;
/** Bytes per number of the types that a converter may shrink weights to. */
const QUANTISED_BYTES = { uint8: 1, uint16: 2, float16: 2 } as const;

const Quantisation = z.looseObject({
  dtype: z.string(),
  scale: z.number().optional(),
  min: z.number().optional(),
});

/** A weight, as the manifest of a TensorFlow.js model describes it. */
export const Weight = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.string(),
  quantization: Quantisation.optional(),
});
export type Weight = z.infer<typeof Weight>;

/** Weights whose bytes follow one another in files ("shards"), without regard to where a file ends. */
export const WeightGroup = z.looseObject({ paths: z.array(z.string()).min(1), weights: z.array(Weight) });
export type WeightGroup = z.infer<typeof WeightGroup>;

/** Size of a weight in the shards, in bytes. @throws Unreadable for a type that is not read */
export function bytesOf({ name, shape, dtype, quantization }: Weight): number {
  if (!Object.hasOwn(BYTES, dtype))
    throw new Unreadable(`weight "${name}" is ${dtype}; only ${Object.keys(BYTES).join(', ')} are read`);
  const width = quantization ? widthOf(quantization, name, dtype) : BYTES[dtype as keyof typeof BYTES];
  const bytes = elements(shape) * width;
  if (!Number.isSafeInteger(bytes)) throw new Unreadable(`weight "${name}": [${shape}] is larger than any network's`);
  return bytes;
}

function widthOf({ dtype, scale, min }: z.infer<typeof Quantisation>, name: string, of: string): number {
  if (!Object.hasOwn(QUANTISED_BYTES, dtype) || of === 'bool' || (dtype === 'float16' && of !== 'float32'))
    throw new Unreadable(`weight "${name}" is ${of} stored as ${dtype}, which no converter writes`);
  if (dtype !== 'float16' && !(Number.isFinite(scale) && Number.isFinite(min)))
    throw new Unreadable(`weight "${name}" is stored as ${dtype} without a finite scale and minimum`);
  return QUANTISED_BYTES[dtype as keyof typeof QUANTISED_BYTES];
}

/**
 * Takes the weights of a group out of its bytes: float32, also where stored as float16, or as uint8 or uint16 times a
 * scale plus a minimum; int32 and bool as int64.
 * @param bytes the shards of the group, one after another; exactly as long as its weights
 */
export function weightsIn(bytes: Uint8Array, { weights }: WeightGroup): State {
  const found: State = new Map();
  let at = 0;
  for (const weight of weights) {
    const length = bytesOf(weight);
    if (found.has(weight.name)) throw new Unreadable(`weight "${weight.name}" is listed twice`);
    found.set(weight.name, tensorOf(bytes.subarray(at, at + length), weight));
    at += length;
  }
  return found;
}

function tensorOf(bytes: Uint8Array, { shape, dtype, quantization }: Weight): TensorData {
  if (quantization?.dtype === 'float16') return { dtype: 'float32', shape, data: fromHalf(bytes) };
  // Copied, since the bytes may lie at any address and typed arrays need an aligned one.
  const { buffer } = new Uint8Array(bytes);
  if (quantization) {
    const { scale, min } = quantization as { scale: number; min: number };
    const levels = quantization.dtype === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
    if (dtype === 'float32') return { dtype, shape, data: Float32Array.from(levels, (level) => level * scale + min) };
    return { dtype: 'int64', shape, data: BigInt64Array.from(levels, (level) => whole(level * scale + min)) };
  }
  if (dtype === 'float32') return { dtype, shape, data: new Float32Array(buffer) };
  const values = dtype === 'bool' ? new Uint8Array(buffer) : new Int32Array(buffer);
  return { dtype: 'int64', shape, data: BigInt64Array.from(values, BigInt) };
}

function whole(value: number): bigint {
  return BigInt.asIntN(64, BigInt(Math.round(value)));
}
