import type { TensorData } from '../graph/tensor-data.js';
import { fromHalf } from './half.js';

/** Bytes per number of the types that files of weights hold, by safetensors' names. */
export const NUMBER_BYTES = {
  F16: 2,
  BF16: 2,
  F32: 4,
  F64: 8,
  I8: 1,
  I16: 2,
  I32: 4,
  I64: 8,
  U8: 1,
  U16: 2,
  U32: 4,
  BOOL: 1,
} as const;

/** One of {@link NUMBER_BYTES}. */
export type NumberType = keyof typeof NUMBER_BYTES;

/** True if the name is that of a type which is read. */
export function isNumberType(name: string): name is NumberType {
  return Object.hasOwn(NUMBER_BYTES, name);
}

/** Bytes per number once it is read: float32, or int64. */
export function bytesOnceRead(type: NumberType): number {
  return isFloat(type) ? 4 : 8;
}

function isFloat(type: NumberType): boolean {
  return type.endsWith('F16') || type === 'F32' || type === 'F64';
}

/**
 * Converts little-endian numbers to a tensor: floats of any width to float32, whole numbers and booleans to int64.
 * @param bytes exactly as many as the shape needs
 */
export function tensorFrom(type: NumberType, shape: readonly number[], bytes: Uint8Array): TensorData {
  return isFloat(type)
    ? { dtype: 'float32', shape, data: floats(type, bytes) }
    : { dtype: 'int64', shape, data: wholes(type, bytes) };
}

function floats(type: NumberType, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  if (type === 'F16') return fromHalf(bytes);
  const buffer = aligned(bytes);
  if (type === 'F32') return new Float32Array(buffer);
  if (type === 'F64') return new Float32Array(new Float64Array(buffer));
  // bfloat16 is the upper half of a float32.
  return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (upper) => upper << 16).buffer);
}

function wholes(type: NumberType, bytes: Uint8Array): BigInt64Array<ArrayBuffer> {
  const buffer = aligned(bytes);
  switch (type) {
    case 'I64':
      return new BigInt64Array(buffer);
    case 'I32':
      return BigInt64Array.from(new Int32Array(buffer), BigInt);
    case 'I16':
      return BigInt64Array.from(new Int16Array(buffer), BigInt);
    case 'I8':
      return BigInt64Array.from(new Int8Array(buffer), BigInt);
    case 'U32':
      return BigInt64Array.from(new Uint32Array(buffer), BigInt);
    case 'U16':
      return BigInt64Array.from(new Uint16Array(buffer), BigInt);
    default:
      return BigInt64Array.from(new Uint8Array(buffer), BigInt);
  }
}

/** Copies bytes, since they may lie at any address and typed arrays need an aligned one. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
