import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildGraph } from '../graph/graph.js';
import { type FieldInSource, receptiveFieldsIn } from '../graph/receptive-field.js';
import { input } from '../graph/tensor.js';
import { elements } from '../graph/tensor-data.js';
import { evaluate64 } from '../reference/evaluate64.js';
import type { Value } from '../reference/values.js';
import { Random } from '../support/random.js';
import { DETACHED, USES, type Use } from '../test-support.uses.js';
import * as ops from './index.js';

/** A change of all values of an input at one place, and the places of the output that changed with it. */
interface Change {
  readonly place: Place;
  /** Height and width of the input. */
  readonly size: Place;
  /** Height and width of the output. */
  readonly outputSize: Place;
  readonly changed: readonly Place[];
}

type Place = readonly [row: number, column: number];

/** Evidence from the uses of an operation about one of its inputs. */
interface Evidence {
  /** True if the output of a use with field `whole` changed in other places than the input. */
  whole: boolean | undefined;
  /** Least distances, in places of the input, between the ends of the declared window and the changes seen. */
  slack: { back: number; ahead: number } | undefined;
}

/** Operations that continue a picture beyond its border with its own pixels. */
const CONTINUING = ['reflectPad2d', 'replicatePad2d'];

test.each(Object.entries({ ...USES, ...DETACHED }))('%s looks as far as it declares, and no less', (name, uses) => {
  const evidence = new Map<number, Evidence>();
  const check = (use: Use) => {
    for (const [i, { field, changes }] of changesOf(use).entries()) {
      const seen = evidence.get(i) ?? { whole: undefined, slack: undefined };
      evidence.set(i, seen);
      for (const change of changes) expectWithin(field, change, seen, CONTINUING.includes(name));
    }
  };
  fc.assert(fc.property(uses, check), { numRuns: 25, seed: 20 });
  for (const { whole, slack } of evidence.values()) {
    expect(whole).not.toBe(false);
    if (slack !== undefined) expect(Math.max(slack.back, slack.ahead)).toBeLessThan(1);
  }
});

test('an operation that uses a shape alone depends on no place', () => {
  const x = input('x', ['batch', 3, 'height', 'width']);
  const count = ops.countOf(x, [2, 3]);
  const scaled = ops.div(x, count);
  const fields = receptiveFieldsIn(buildGraph({ scaled }), x);
  expect(fields.get(count)).toBeUndefined();
  expect(fields.get(scaled)).toEqual({ scale: 1, back: 0, ahead: 0 });
});

/** Changes some places of every input, one at a time; returns the changes with the declared field. */
function changesOf({ shapes, run }: Use): { field: FieldInSource | undefined; changes: Change[] }[] {
  const random = new Random(7);
  const inputs = shapes.map((shape, i) => input(`x${i}`, shape));
  const output = run(...inputs);
  const graph = buildGraph({ output });
  const feeds = Object.fromEntries(
    shapes.map((shape, i) => [
      `x${i}`,
      { shape, data: Float64Array.from({ length: elements(shape) }, () => random.normal()) },
    ]),
  );
  const before = evaluate64(graph, feeds).output!;
  return inputs.map((x, i) => {
    const size = sizeOf(shapes[i]!);
    const places = placesOf(size);
    const some = random.permutation(places.length).slice(0, 6);
    const changes = some.map((at) => {
      const place = places[at]!;
      const fed = { ...feeds, [`x${i}`]: changedAt(feeds[`x${i}`]!, place, random) };
      const after = evaluate64(graph, fed).output!;
      const outputSize = sizeOf(before.shape);
      return { place, size, outputSize, changed: differing(before, after, outputSize) };
    });
    return { field: receptiveFieldsIn(graph, x).get(output), changes };
  });
}

function expectWithin(
  field: FieldInSource | undefined,
  { place, size, outputSize, changed }: Change,
  seen: Evidence,
  continues: boolean,
): void {
  if (field === undefined) expect(changed).toEqual([]);
  else if (field === 'whole') {
    const elsewhere = changed.some((at) => at[0] !== place[0] || at[1] !== place[1]);
    seen.whole ||= elsewhere || size[0] !== outputSize[0] || size[1] !== outputSize[1];
  } else {
    seen.slack ??= { back: Infinity, ahead: Infinity };
    const { slack } = seen;
    for (const at of changed)
      for (const axis of [0, 1] as const) {
        const [from, to] = [at[axis] * field.scale - field.back, at[axis] * field.scale + field.ahead];
        // A pixel of the padding copies one that lies no deeper inside the picture than it lies outside.
        const last = size[axis] - 1;
        const first = continues && to > last ? Math.min(from, 2 * last - to) : from;
        const end = continues && from < 0 ? Math.max(to, -from) : to;
        expect(place[axis]).toBeGreaterThanOrEqual(first - ROUNDING);
        expect(place[axis]).toBeLessThanOrEqual(end + ROUNDING);
        slack.back = Math.min(slack.back, Math.abs(place[axis] - from));
        slack.ahead = Math.min(slack.ahead, Math.abs(to - place[axis]));
      }
  }
}

/** Tolerance for fractional places such as thirds, which are rounded. */
const ROUNDING = 1e-9;

/** Sizes of the last two axes; 1 for a missing axis. */
function sizeOf(shape: readonly number[]): Place {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
}

function placesOf([height, width]: Place): Place[] {
  return Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width]);
}

/** Raises one place enough to hold the largest value of every window, each channel by its own amount. */
function changedAt({ shape, data }: Value, [row, column]: Place, random: Random): Value {
  const [height, width] = sizeOf(shape);
  const at = row * width + column;
  return {
    shape,
    data: data.map((value, i) => (i % (height * width) === at ? value + random.between(10, 100) : value)),
  };
}

function differing(before: Value, after: Value, [height, width]: Place): Place[] {
  return placesOf([height, width]).filter(([row, column]) => {
    const at = row * width + column;
    return before.data.some((value, i) => i % (height * width) === at && value !== after.data[i]);
  });
}
