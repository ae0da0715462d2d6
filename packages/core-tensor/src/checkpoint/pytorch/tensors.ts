import { elements, type TensorData } from '../../graph/tensor-data.js';
import type { Budget } from '../budget.js';
import { bytesOnceRead, NUMBER_BYTES, tensorFrom } from '../numbers.js';
import { Unreadable } from '../reader.js';
import type { PickledTensor } from './values.js';

/** Largest number of elements: 2 GiB of float32, more than any restoration network has. */
const LARGEST = 1 << 29;

/**
 * Copies a pickled view into a contiguous tensor: floats of any width as float32, whole numbers and booleans as int64.
 * @param bytes those of its storage
 * @throws Unreadable when the view reaches past its storage, or takes more memory than the file may
 */
export function materialise(tensor: PickledTensor, bytes: Uint8Array, budget: Budget): TensorData {
  const { storage, type, offset, shape, strides } = tensor;
  const count = elements(shape);
  if (!(count <= LARGEST)) throw new Unreadable(`refused: a tensor of [${shape}] is larger than any network's`);
  const width = NUMBER_BYTES[type];
  const length = Math.floor((storage.length * NUMBER_BYTES[storage.type]) / width);
  const last = offset + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 0);
  if (count > 0 && last >= length)
    throw new Unreadable(`a tensor of [${shape}] reaches element ${last} of a storage of ${length}`);
  budget.allocate(count * bytesOnceRead(type));
  if (isContiguous(shape, strides))
    return tensorFrom(type, shape, bytes.subarray(offset * width, (offset + count) * width));
  budget.allocate(count * width);
  return tensorFrom(type, shape, gathered(tensor, bytes, count, width));
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}

/** Collects the elements of a strided view, in its order. */
function gathered(
  { offset, shape, strides }: PickledTensor,
  bytes: Uint8Array,
  count: number,
  width: number,
): Uint8Array {
  const all = new Uint8Array(count * width);
  const place = shape.map(() => 0);
  let from = offset;
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < width; byte++) all[i * width + byte] = bytes[from * width + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      from += strides[axis]!;
      if (place[axis]! < shape[axis]!) break;
      from -= place[axis]! * strides[axis]!;
      place[axis] = 0;
    }
  }
  return all;
}
