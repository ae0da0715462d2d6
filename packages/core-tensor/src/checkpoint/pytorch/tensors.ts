import { elements, type TensorData } from '../../graph/tensor-data.js';
import { fromHalf, halfValues } from '../half.js';
import { Unreadable } from '../reader.js';
import { type PickledTensor, STORAGES, type StorageType } from './values.js';

/** Largest number of elements: 2 GiB of float32, more than any restoration network has. */
const LARGEST = 1 << 29;

/**
 * Copies a pickled view into a contiguous tensor: floats of any width as float32, whole numbers and booleans as int64.
 * @throws Unreadable when the view reaches past its storage
 */
export function materialise({ storage, offset, shape, strides }: PickledTensor, bytes: Uint8Array): TensorData {
  const count = elements(shape);
  if (count > LARGEST) throw new Unreadable(`refused: a tensor of [${shape}] is larger than any network's`);
  const last = offset + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 0);
  if (count > 0 && last >= storage.length)
    throw new Unreadable(`a tensor of [${shape}] reaches element ${last} of a storage of ${storage.length}`);
  const { type } = storage;
  if (isContiguous(shape, strides)) {
    const width = STORAGES[type];
    const whole = floatsAtOnce(type, bytes.subarray(offset * width, (offset + count) * width));
    if (whole !== undefined) return { dtype: 'float32', shape, data: whole };
  }
  const at = elementAt(type, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const floats = WHOLE.has(type) ? undefined : new Float32Array(count);
  const wholes = WHOLE.has(type) ? new BigInt64Array(count) : undefined;
  const place = shape.map(() => 0);
  let from = offset;
  for (let i = 0; i < count; i++) {
    const value = at(from * STORAGES[type]);
    if (floats) floats[i] = Number(value);
    else wholes![i] = BigInt(value);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      from += strides[axis]!;
      if (place[axis]! < shape[axis]!) break;
      from -= place[axis]! * strides[axis]!;
      place[axis] = 0;
    }
  }
  return floats ? { dtype: 'float32', shape, data: floats } : { dtype: 'int64', shape, data: wholes! };
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}

/** Reads the types found in nearly every checkpoint, without a call per number. */
function floatsAtOnce(type: StorageType, bytes: Uint8Array): Float32Array<ArrayBuffer> | undefined {
  switch (type) {
    case 'FloatStorage':
      return new Float32Array(new Uint8Array(bytes).buffer);
    case 'HalfStorage':
      return fromHalf(bytes);
    case 'BFloat16Storage': {
      // bfloat16 is the upper half of a float32.
      const wide = Uint32Array.from(new Uint16Array(new Uint8Array(bytes).buffer), (upper) => upper << 16);
      return new Float32Array(wide.buffer);
    }
    default:
      return undefined;
  }
}

const WHOLE: ReadonlySet<StorageType> = new Set([
  'LongStorage',
  'IntStorage',
  'ShortStorage',
  'CharStorage',
  'ByteStorage',
  'BoolStorage',
]);

function elementAt(type: StorageType, view: DataView): (byte: number) => number | bigint {
  switch (type) {
    case 'FloatStorage':
      return (at) => view.getFloat32(at, true);
    case 'DoubleStorage':
      return (at) => view.getFloat64(at, true);
    case 'HalfStorage':
      return (at) => halfValues()[view.getUint16(at, true)]!;
    case 'BFloat16Storage': {
      const wide = new DataView(new ArrayBuffer(4));
      return (at) => {
        wide.setUint32(0, view.getUint16(at, true) << 16);
        return wide.getFloat32(0);
      };
    }
    case 'LongStorage':
      return (at) => view.getBigInt64(at, true);
    case 'IntStorage':
      return (at) => view.getInt32(at, true);
    case 'ShortStorage':
      return (at) => view.getInt16(at, true);
    case 'CharStorage':
      return (at) => view.getInt8(at);
    case 'ByteStorage':
    case 'BoolStorage':
      return (at) => view.getUint8(at);
  }
}
