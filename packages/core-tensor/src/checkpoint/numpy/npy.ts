import { elements, type TensorData } from '../../graph/tensor-data.js';
import { fromHalf } from '../half.js';
import { Reader, Unreadable } from '../reader.js';

/** Shape and type of an array, as the header of a .npy file states them. */
interface Header {
  readonly type: ArrayType;
  readonly shape: readonly number[];
  /** True if the first axis varies fastest in the file. */
  readonly fortran: boolean;
}

/** Bytes per number of the types that are read, by NumPy's name without the byte order. */
const BYTES = { f2: 2, f4: 4, f8: 8, i1: 1, i2: 2, i4: 4, i8: 8, u1: 1, u2: 2, u4: 4, b1: 1 } as const;
type ArrayType = keyof typeof BYTES;

/** First bytes of a .npy file: \x93NUMPY. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const LONGEST_HEADER = 1 << 16;
const MOST_AXES = 32;

/**
 * Parses a .npy file (versions 1 to 3): floats of any width as float32, whole numbers and booleans as int64, row-major
 * whatever the order in the file.
 * @throws Unreadable with the first thing that is wrong, or the type that is not read
 */
export function parseNpy(bytes: Uint8Array): TensorData {
  const reader = new Reader(bytes);
  const { type, shape, fortran } = headerOf(reader);
  const data = bytes.subarray(reader.at);
  const count = elements(shape);
  if (data.length !== count * BYTES[type])
    throw new Unreadable(`${data.length} bytes follow its header, its shape [${shape}] needs ${count * BYTES[type]}`);
  const values = numbersOf(data, type);
  if (values instanceof BigInt64Array)
    return { dtype: 'int64', shape, data: fortran ? rowMajor(values, shape) : values };
  return { dtype: 'float32', shape, data: fortran ? rowMajor(values, shape) : values };
}

function headerOf(reader: Reader): Header {
  if (!MAGIC.every((byte) => reader.byte() === byte)) throw new Unreadable('not a .npy array');
  const version = reader.byte();
  reader.byte();
  if (version < 1 || version > 3) throw new Unreadable(`version ${version} of the .npy format; 1 to 3 are read`);
  const length = version === 1 ? reader.uint16() : reader.uint32();
  const text = reader.text(length, LONGEST_HEADER);
  const described =
    /^\{\s*'descr':\s*(?<descr>'[^']*'|\[.*\]),\s*'fortran_order':\s*(?<order>True|False),\s*'shape':\s*\((?<shape>[\d, ]*)\),?\s*\}\s*$/.exec(
      text,
    )?.groups;
  if (described === undefined) throw new Unreadable('its header is not as the .npy format requires');
  const shape = described
    .shape!.split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  if (shape.length > MOST_AXES || !Number.isSafeInteger(elements(shape)))
    throw new Unreadable('refused: an array of that shape is larger than any network’s');
  return { type: typeNamed(described.descr!), shape, fortran: described.order === 'True' };
}

/** Finds the type that a header names: '<f4', little-endian float32. */
function typeNamed(descr: string): ArrayType {
  const [, order, name] = /^'([<>|=])(\w+)'$/.exec(descr) ?? [];
  if (order === '>') throw new Unreadable(`its type is ${descr}, big-endian; only little-endian arrays are read`);
  if (name === undefined || !Object.hasOwn(BYTES, name))
    throw new Unreadable(`its type is ${descr}; only ${Object.keys(BYTES).join(', ')} are read`);
  return name as ArrayType;
}

function numbersOf(data: Uint8Array, type: ArrayType): Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> {
  if (type === 'f2') return fromHalf(data);
  // Copied, since the bytes may lie at any address and typed arrays need an aligned one.
  const { buffer } = new Uint8Array(data);
  switch (type) {
    case 'f4':
      return new Float32Array(buffer);
    case 'f8':
      return new Float32Array(new Float64Array(buffer));
    case 'i8':
      return new BigInt64Array(buffer);
    case 'i4':
      return BigInt64Array.from(new Int32Array(buffer), BigInt);
    case 'i2':
      return BigInt64Array.from(new Int16Array(buffer), BigInt);
    case 'i1':
      return BigInt64Array.from(new Int8Array(buffer), BigInt);
    case 'u4':
      return BigInt64Array.from(new Uint32Array(buffer), BigInt);
    case 'u2':
      return BigInt64Array.from(new Uint16Array(buffer), BigInt);
    case 'u1':
    case 'b1':
      return BigInt64Array.from(new Uint8Array(buffer), BigInt);
  }
}

/** Reorders numbers from column-major (Fortran's) to row-major order. */
function rowMajor<Numbers extends Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>>(
  values: Numbers,
  shape: readonly number[],
): Numbers {
  const strides = shape.map((_, axis) => elements(shape.slice(0, axis)));
  const ordered = values.slice() as Numbers;
  const place = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < values.length; i++) {
    ordered[i] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      from += strides[axis]!;
      if (place[axis]! < shape[axis]!) break;
      from -= place[axis]! * strides[axis]!;
      place[axis] = 0;
    }
  }
  return ordered;
}
