/** A plane of numbers, rows top to bottom. */
export interface Plane64 {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

/** Mean over the (2·radius + 1)² pixels around each pixel; at the border, over those inside the plane. */
export function boxMean(plane: Plane64, radius: number): Plane64 {
  return byColumns(
    byColumns(plane, (line, out) => runningMean(line, radius, out)),
    (line, out) => runningMean(line, radius, out),
  );
}

/** Minimum of the (2·radius + 1)² pixels around each pixel; at the border, of those inside the plane. */
export function boxMinimum(plane: Plane64, radius: number): Plane64 {
  return byColumns(
    byColumns(plane, (line, out) => runningMinimum(line, radius, out)),
    (line, out) => runningMinimum(line, radius, out),
  );
}

/** Filters every row and transposes the plane: applying it twice filters both ways. */
function byColumns(
  { width, height, values }: Plane64,
  filter: (line: Float64Array, out: Float64Array) => void,
): Plane64 {
  const turned = new Float64Array(values.length);
  const out = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    filter(values.subarray(y * width, (y + 1) * width), out);
    for (let x = 0; x < width; x++) turned[x * height + y] = out[x]!;
  }
  return { width: height, height: width, values: turned };
}

function runningMean(line: Float64Array, radius: number, out: Float64Array): void {
  const { length } = line;
  let [sum, first, end] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    for (; end < Math.min(i + radius + 1, length); end++) sum += line[end]!;
    for (; first < i - radius; first++) sum -= line[first]!;
    out[i] = sum / (end - first);
  }
}

/** Running minimum by a queue of candidates with rising values: each place enters and leaves it once. */
function runningMinimum(line: Float64Array, radius: number, out: Float64Array): void {
  const { length } = line;
  const queue = new Int32Array(length);
  let [head, tail, end] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    for (; end < Math.min(i + radius + 1, length); end++) {
      while (tail > head && line[queue[tail - 1]!]! >= line[end]!) tail--;
      queue[tail++] = end;
    }
    while (queue[head]! < i - radius) head++;
    out[i] = line[queue[head]!]!;
  }
}
