import { fill, type Kernel, list, number, read, readInside, type Value } from './values.js';

/** Size after padding and sliding a window. */
const slide = (size: number, pads: number, extent: number, stride: number) =>
  Math.floor((size + pads - extent) / stride) + 1;

/** Sums over the taps of a kernel. */
function overTaps(kh: number, kw: number, value: (i: number, j: number) => number): number {
  let total = 0;
  for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) total += value(i, j);
  return total;
}

/** Place that a padded position reads from, for reflection and repetition. */
const BORDERS: Readonly<Record<string, (at: number, size: number) => number>> = {
  reflect: (at, size) => (at < 0 ? -at : at < size ? at : 2 * (size - 1) - at),
  edge: (at, size) => Math.min(Math.max(at, 0), size - 1),
};

/** Height and width after sliding the attributes' window over x. */
function windows(x: Value, attributes: Parameters<Kernel>[1], [kh, kw]: readonly [number, number]) {
  const [sh, sw] = list(attributes, 'strides') as [number, number];
  const [dh, dw] = (attributes.dilations ?? [1, 1]) as [number, number];
  const [top, left, bottom, right] = list(attributes, 'pads') as [number, number, number, number];
  const height = slide(x.shape[2]!, top + bottom, dh * (kh - 1) + 1, sh);
  const width = slide(x.shape[3]!, left + right, dw * (kw - 1) + 1, sw);
  return { sh, sw, dh, dw, top, left, height, width };
}

export const SPATIAL: Readonly<Record<string, Kernel>> = {
  Conv([x, weight, bias], attributes) {
    const [out, perGroup, kh, kw] = weight!.shape as [number, number, number, number];
    const { sh, sw, dh, dw, top, left, height, width } = windows(x!, attributes, [kh, kw]);
    const outPerGroup = out / Number(attributes.group ?? 1);
    return [
      fill([x!.shape[0]!, out, height, width], ([n, o, row, column]) => {
        let total = bias ? bias.data[o!]! : 0;
        for (let c = 0; c < perGroup; c++)
          total += overTaps(kh, kw, (i, j) => {
            const from = [
              n!,
              Math.floor(o! / outPerGroup) * perGroup + c,
              row! * sh - top + i * dh,
              column! * sw - left + j * dw,
            ];
            return readInside(x!, from) * read(weight!, [o!, c, i, j]);
          });
        return total;
      }),
    ];
  },
  ConvTranspose([x, weight, bias], attributes) {
    const [from, perGroup, kh, kw] = weight!.shape as [number, number, number, number];
    const groups = Number(attributes.group ?? 1);
    const [sh, sw] = list(attributes, 'strides') as [number, number];
    const [dh, dw] = list(attributes, 'dilations') as [number, number];
    const [top, left, bottom, right] = list(attributes, 'pads') as [number, number, number, number];
    const [extraRows, extraColumns] = (attributes.output_padding ?? [0, 0]) as [number, number];
    const height = (x!.shape[2]! - 1) * sh + dh * (kh - 1) + 1 - top - bottom + extraRows;
    const width = (x!.shape[3]! - 1) * sw + dw * (kw - 1) + 1 - left - right + extraColumns;
    const fromPerGroup = from / groups;
    return [
      fill([x!.shape[0]!, perGroup * groups, height, width], ([n, o, row, column]) => {
        const group = Math.floor(o! / perGroup);
        let total = bias ? bias.data[o!]! : 0;
        for (let c = group * fromPerGroup; c < (group + 1) * fromPerGroup; c++)
          total += overTaps(kh, kw, (i, j) => {
            const y = (row! + top - i * dh) / sh;
            const across = (column! + left - j * dw) / sw;
            if (!Number.isInteger(y) || !Number.isInteger(across)) return 0;
            return readInside(x!, [n!, c, y, across]) * read(weight!, [c, o! % perGroup, i, j]);
          });
        return total;
      }),
    ];
  },
  DeformConv([x, weight, offset, bias, mask], attributes) {
    const [out, channels, kh, kw] = weight!.shape as [number, number, number, number];
    const { sh, sw, dh, dw, top, left, height, width } = windows(x!, attributes, [kh, kw]);
    const perGroup = channels / number(attributes, 'offset_group');
    return [
      fill([x!.shape[0]!, out, height, width], ([n, o, row, column]) => {
        let total = bias!.data.length > 0 ? bias!.data[o!]! : 0;
        for (let c = 0; c < channels; c++)
          total += overTaps(kh, kw, (i, j) => {
            const tap = Math.floor(c / perGroup) * kh * kw + i * kw + j;
            const y = row! * sh - top + i * dh + read(offset!, [n!, 2 * tap, row!, column!]);
            const across = column! * sw - left + j * dw + read(offset!, [n!, 2 * tap + 1, row!, column!]);
            const value = between(x!, n!, c, y, across);
            return value * read(mask!, [n!, tap, row!, column!]) * read(weight!, [o!, c, i, j]);
          });
        return total;
      }),
    ];
  },
  MaxPool([x], attributes) {
    const [kh, kw] = list(attributes, 'kernel_shape') as [number, number];
    const { sh, sw, top, left, height, width } = windows(x!, attributes, [kh, kw]);
    const [, channels, rows, columns] = x!.shape as [number, number, number, number];
    const shape = [x!.shape[0]!, channels, height, width];
    const best = fill(shape, ([n, c, row, column]) => {
      let found = -1;
      overTaps(kh, kw, (i, j) => {
        const [y, across] = [row! * sh - top + i, column! * sw - left + j];
        if (y < 0 || across < 0 || y >= rows || across >= columns) return 0;
        const flat = ((n! * channels + c!) * rows + y) * columns + across;
        if (found < 0 || x!.data[flat]! > x!.data[found]!) found = flat;
        return 0;
      });
      return found;
    });
    return [{ shape, data: best.data.map((flat) => x!.data[flat]!) }, best];
  },
  AveragePool([x], attributes) {
    const [kh, kw] = list(attributes, 'kernel_shape') as [number, number];
    const { sh, sw, top, left, height, width } = windows(x!, attributes, [kh, kw]);
    return [
      fill([x!.shape[0]!, x!.shape[1]!, height, width], ([n, c, row, column]) => {
        const sum = overTaps(kh, kw, (i, j) => readInside(x!, [n!, c!, row! * sh - top + i, column! * sw - left + j]));
        return sum / (kh * kw);
      }),
    ];
  },
  Pad([x, pads, value], { mode }) {
    const rank = x!.shape.length;
    const shape = x!.shape.map((size, axis) => size + pads!.data[axis]! + pads!.data[axis + rank]!);
    const border = typeof mode === 'string' ? BORDERS[mode] : undefined;
    const fallback = value?.data[0] ?? 0;
    return [
      fill(shape, (place) => {
        const from = place.map((at, axis) => at - pads!.data[axis]!);
        if (border)
          return read(
            x!,
            from.map((at, axis) => border(at, x!.shape[axis]!)),
          );
        return from.every((at, axis) => at >= 0 && at < x!.shape[axis]!) ? read(x!, from) : fallback;
      }),
    ];
  },
  MatMul([a, b]) {
    const [m, inner] = a!.shape.slice(-2) as [number, number];
    const n = b!.shape.at(-1)!;
    const batches = [a!, b!].map(({ shape }) => ({ shape: shape.slice(0, -2), data: new Float64Array() }));
    const rank = Math.max(...batches.map(({ shape }) => shape.length));
    const batch = Array.from({ length: rank }, (_, axis) =>
      Math.max(...batches.map(({ shape }) => shape[axis - rank + shape.length] ?? 1)),
    );
    return [
      fill([...batch, m, n], (place) => {
        const [row, column] = place.slice(-2) as [number, number];
        let total = 0;
        for (let k = 0; k < inner; k++)
          total += read(a!, [...place.slice(0, -2), row, k]) * read(b!, [...place.slice(0, -2), k, column]);
        return total;
      }),
    ];
  },
  Gemm: ([a, b, c]) => [
    fill([a!.shape[0]!, b!.shape[1]!], ([row, column]) => {
      let total = read(c!, [row!, column!]);
      for (let k = 0; k < b!.shape[0]!; k++) total += read(a!, [row!, k]) * read(b!, [k, column!]);
      return total;
    }),
  ],
  BatchNormalization: ([x, weight, bias, mean, variance], attributes) => [
    fill(x!.shape, (place) => {
      const c = place[1]!;
      const normal = (read(x!, place) - mean!.data[c]!) / Math.sqrt(variance!.data[c]! + number(attributes, 'epsilon'));
      return normal * weight!.data[c]! + bias!.data[c]!;
    }),
  ],
  DepthToSpace([x], attributes) {
    const r = number(attributes, 'blocksize');
    const [n, c, h, w] = x!.shape as [number, number, number, number];
    return [
      fill([n, c / (r * r), h * r, w * r], ([batch, channel, row, column]) => {
        const from = channel! * r * r + (row! % r) * r + (column! % r);
        return read(x!, [batch!, from, Math.floor(row! / r), Math.floor(column! / r)]);
      }),
    ];
  },
  SpaceToDepth([x], attributes) {
    const r = number(attributes, 'blocksize');
    const [n, c, h, w] = x!.shape as [number, number, number, number];
    return [
      fill([n, c * r * r, h / r, w / r], ([batch, channel, row, column]) => {
        const block = Math.floor(channel! / c);
        return read(x!, [batch!, channel! % c, row! * r + Math.floor(block / r), column! * r + (block % r)]);
      }),
    ];
  },
  Resize([x, , scales, sizes], { mode, coordinate_transformation_mode: transformation, antialias }) {
    const given = scales!.data.length > 0 ? scales : undefined;
    const shape = sizes ? [...sizes.data] : x!.shape.map((size, axis) => Math.floor(size * given!.data[axis]!));
    const stepOf = (axis: number) => (given ? 1 / given.data[axis]! : x!.shape[axis]! / shape[axis]!);
    const place = (at: number, axis: number) => {
      const [from, to, step] = [x!.shape[axis]!, shape[axis]!, stepOf(axis)];
      if (transformation === 'asymmetric') return at * step;
      if (transformation === 'align_corners') return to === 1 ? 0 : (at * (from - 1)) / (to - 1);
      return (at + 0.5) * step - 0.5;
    };
    if (antialias === 1) {
      const shares = [2, 3].map((axis) => (at: number) => sharesOf(x!.shape[axis]!, place(at, axis), stepOf(axis)));
      return [
        fill(shape, ([n, c, row, column]) => {
          const [rows, columns] = [shares[0]!(row!), shares[1]!(column!)];
          return overTaps(rows.length, columns.length, (i, j) => rows[i]! * columns[j]! * read(x!, [n!, c!, i, j]));
        }),
      ];
    }
    return [
      fill(shape, ([n, c, row, column]) => {
        const last = [x!.shape[2]! - 1, x!.shape[3]! - 1] as const;
        const y = Math.min(Math.max(place(row!, 2), 0), last[0]);
        const across = Math.min(Math.max(place(column!, 3), 0), last[1]);
        if (mode === 'nearest') return read(x!, [n!, c!, Math.floor(y), Math.floor(across)]);
        return between(x!, n!, c!, y, across);
      }),
    ];
  },
};

/** Interpolates between pixels bilinearly; pixels outside of the picture are 0. */
function between(x: Value, n: number, c: number, y: number, across: number): number {
  const [top, left] = [Math.floor(y), Math.floor(across)];
  return overTaps(2, 2, (i, j) => {
    const share = (i === 0 ? 1 - (y - top) : y - top) * (j === 0 ? 1 - (across - left) : across - left);
    return share * readInside(x, [n, c, top + i, left + j]);
  });
}

/** Shares of the pixels of an axis in one of its averages, which reach `step` pixels to both sides, at least 1. */
function sharesOf(size: number, centre: number, step: number): number[] {
  const shares = Array.from({ length: size }, (_, at) => Math.max(0, 1 - Math.abs(at - centre) / Math.max(step, 1)));
  const total = shares.reduce((a, b) => a + b);
  return shares.map((share) => share / total);
}
