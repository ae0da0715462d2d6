import type { OnnxAttribute } from '../graph/onnx-target.js';

/** Numbers in float64 with their shape; int64 and bool are numbers here too. */
export interface Value {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export type Attributes = Readonly<Record<string, OnnxAttribute>>;
/** One ONNX operator, written as plainly as its specification. */
export type Kernel = (inputs: readonly Value[], attributes: Attributes) => Value[];

/** Number of elements in a shape. */
export const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Number of elements between neighbours along each axis. */
export const strides = (shape: readonly number[]): number[] => shape.map((_, axis) => count(shape.slice(axis + 1)));

/** Fills a value by the coordinates of each element. */
export function fill(shape: readonly number[], at: (place: readonly number[]) => number): Value {
  const data = new Float64Array(count(shape));
  const place = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = at(place);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      if (place[axis]! < shape[axis]!) break;
      place[axis] = 0;
    }
  }
  return { shape, data };
}

/** The element at some coordinates; axes of size 1 repeat, missing leading axes too. */
export function read({ shape, data }: Value, place: readonly number[]): number {
  let flat = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const at = place[place.length - shape.length + axis]!;
    flat = flat * shape[axis]! + (shape[axis] === 1 ? 0 : at);
  }
  return data[flat]!;
}

/** The element at some coordinates, 0 outside. */
export function readInside(value: Value, place: readonly number[]): number {
  return place.every((at, axis) => at >= 0 && at < value.shape[axis]!) ? read(value, place) : 0;
}

/** Shape that several values broadcast to. */
export function broadcastShape(values: readonly Value[]): number[] {
  const rank = Math.max(...values.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(...values.map(({ shape }) => shape[axis - rank + shape.length] ?? 1)),
  );
}

/** An attribute that is a list of whole numbers. */
export function list(attributes: Attributes, name: string): readonly number[] {
  return attributes[name] as readonly number[];
}

/** An attribute that is a number. */
export function number(attributes: Attributes, name: string): number {
  const value = attributes[name];
  return typeof value === 'object' && 'float' in value ? value.float : Number(value);
}
