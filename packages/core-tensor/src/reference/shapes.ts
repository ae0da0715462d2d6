import { broadcastShape, count, fill, type Kernel, list, number, read, strides, type Value } from './values.js';

const whole = (shape: readonly number[], values: readonly number[]): Value => ({
  shape,
  data: Float64Array.from(values),
});

/** A reduction over the axes of the second input. */
const reduce =
  (start: number, step: (sofar: number, x: number) => number, end = (total: number, _size: number) => total): Kernel =>
  ([x, axes], attributes) => {
    const over = axes ? [...axes.data] : x!.shape.map((_, axis) => axis);
    const kept = x!.shape.map((size, axis) => (over.includes(axis) ? 1 : size));
    const total = new Float64Array(count(kept)).fill(start);
    const step_ = strides(kept);
    fill(x!.shape, (place) => {
      const flat = place.reduce((sum, at, axis) => sum + (kept[axis] === 1 ? 0 : at * step_[axis]!), 0);
      total[flat] = step(total[flat]!, read(x!, place));
      return 0;
    });
    const size = count(x!.shape) / count(kept);
    const shape = number(attributes, 'keepdims') === 1 ? kept : kept.filter((_, axis) => !over.includes(axis));
    return [{ shape, data: total.map((value) => end(value, size)) }];
  };

/** Replaces the coordinate on one axis by the value of an index of the same rank. */
const along = (place: readonly number[], axis: number, index: Value) => place.with(axis, read(index, place));

export const SHAPES: Readonly<Record<string, Kernel>> = {
  ReduceSum: reduce(0, (a, b) => a + b),
  ReduceMean: reduce(
    0,
    (a, b) => a + b,
    (total, size) => total / size,
  ),
  ReduceProd: reduce(1, (a, b) => a * b),
  Shape: ([x]) => [whole([x!.shape.length], x!.shape)],
  Reshape([x, to]) {
    const sizes = [...to!.data].map((size, axis) => (size === 0 ? x!.shape[axis]! : size));
    const rest = count(x!.shape) / -count(sizes);
    return [{ shape: sizes.map((size) => (size === -1 ? rest : size)), data: x!.data }];
  },
  Expand: ([x, to]) => {
    const shape = broadcastShape([x!, { shape: [...to!.data], data: x!.data }]);
    return [fill(shape, (place) => read(x!, place))];
  },
  Transpose([x], attributes) {
    const order = list(attributes, 'perm');
    const shape = order.map((axis) => x!.shape[axis]!);
    return [
      fill(shape, (place) =>
        read(
          x!,
          order.map((_, axis) => place[order.indexOf(axis)]!),
        ),
      ),
    ];
  },
  Concat(inputs, { axis }) {
    const at = axis as number;
    const ends = inputs.map((_, i) => inputs.slice(0, i + 1).reduce((sum, { shape }) => sum + shape[at]!, 0));
    return [
      fill(inputs[0]!.shape.with(at, ends.at(-1)!), (place) => {
        const i = ends.findIndex((end) => place[at]! < end);
        return read(inputs[i]!, place.with(at, place[at]! - (ends[i]! - inputs[i]!.shape[at]!)));
      }),
    ];
  },
  Slice([x, starts, ends, axes, steps]) {
    let value = x!;
    for (const [i, axis] of axes!.data.entries()) {
      const size = value.shape[axis]!;
      const step = steps?.data[i] ?? 1;
      const place = (position: number, low: number, high: number) =>
        Math.min(Math.max(position < 0 ? position + size : position, low), high);
      const start = step > 0 ? place(starts!.data[i]!, 0, size) : place(starts!.data[i]!, 0, size - 1);
      const end = step > 0 ? place(ends!.data[i]!, 0, size) : place(ends!.data[i]!, -1, size - 1);
      const before = value;
      const length = Math.max(0, Math.ceil((end - start) / step));
      value = fill(before.shape.with(axis, length), (at) => read(before, at.with(axis, start + at[axis]! * step)));
    }
    return [value];
  },
  Gather([x, index], { axis }) {
    const at = axis as number;
    const shape = [...x!.shape.slice(0, at), ...index!.shape, ...x!.shape.slice(at + 1)];
    const rank = index!.shape.length;
    return [
      fill(shape, (place) => {
        const picked = rank === 0 ? index!.data[0]! : read(index!, place.slice(at, at + rank));
        return read(x!, [...place.slice(0, at), picked, ...place.slice(at + rank)]);
      }),
    ];
  },
  GatherElements: ([x, index], { axis }) => [
    fill(index!.shape, (place) => read(x!, along(place, axis as number, index!))),
  ],
  ScatterElements([x, index, source], { axis }) {
    const data = x!.data.slice();
    const step = strides(x!.shape);
    fill(index!.shape, (place) => {
      const flat = along(place, axis as number, index!).reduce((sum, at, i) => sum + at * step[i]!, 0);
      data[flat]! += read(source!, place);
      return 0;
    });
    return [{ shape: x!.shape, data }];
  },
  ArgMax([x], { axis }) {
    const at = axis as number;
    return [
      fill(x!.shape.with(at, 1), (place) => {
        let best = 0;
        for (let i = 1; i < x!.shape[at]!; i++)
          if (read(x!, place.with(at, i)) > read(x!, place.with(at, best))) best = i;
        return best;
      }),
    ];
  },
  Softmax([x], { axis }) {
    const at = axis as number;
    return [
      fill(x!.shape, (place) => {
        let total = 0;
        for (let i = 0; i < x!.shape[at]!; i++) total += Math.exp(read(x!, place.with(at, i)) - read(x!, place));
        return 1 / total;
      }),
    ];
  },
  LayerNormalization([x, weight, bias], attributes) {
    const size = x!.shape.at(-1)!;
    const over = (of: (at: number) => number) =>
      Array.from({ length: size }, (_, at) => of(at) / size).reduce((a, b) => a + b);
    return [
      fill(x!.shape, (place) => {
        const at = (last: number) => read(x!, place.with(-1, last));
        const mean = over(at);
        const variance = over((last) => (at(last) - mean) ** 2);
        const normal = (read(x!, place) - mean) / Math.sqrt(variance + number(attributes, 'epsilon'));
        return normal * read(weight!, place.slice(-1)) + read(bias!, place.slice(-1));
      }),
    ];
  },
  Range: ([start, end, step]) => {
    const length = Math.ceil((end!.data[0]! - start!.data[0]!) / step!.data[0]!);
    return [fill([length], ([i]) => start!.data[0]! + i! * step!.data[0]!)];
  },
};
