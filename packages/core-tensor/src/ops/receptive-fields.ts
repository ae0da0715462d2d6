import type { Node } from '../graph/node.js';
import type { Field, FieldWindow } from '../graph/receptive-field.js';
import type { Tensor } from '../graph/tensor.js';

/** How a window moves, in pixels. */
interface Moves {
  readonly stride?: number;
  readonly dilation?: number;
  readonly padding?: { readonly top: number; readonly left: number };
}

/** The field of a window that slides over a padded picture; the farther of both axes counts for both. */
export function slidingWindow(
  [rows, columns]: readonly [number, number],
  { stride = 1, dilation = 1, padding: { top, left } = { top: 0, left: 0 } }: Moves,
): FieldWindow {
  return {
    scale: stride,
    back: Math.max(top, left),
    ahead: Math.max(dilation * (rows - 1) - top, dilation * (columns - 1) - left),
  };
}

/** Height and width of a convolution's kernel. */
export function kernelOf(weight: Tensor): readonly [number, number] {
  return [Number(weight.shape[2]), Number(weight.shape[3])];
}

/** The field of an operation along some axes: the same place, unless height or width is among them. */
export function alongAxes(axes: readonly number[], { inputs }: Node): Field {
  return axes.every((axis) => axis < inputs[0]!.rank - 2) ? 'pointwise' : 'whole';
}

/** The fields of inputs that broadcast: the same place, but of an input that is repeated along height or width the whole. */
export function broadcastFields(_attributes: unknown, { inputs, outputs }: Node): Field[] {
  const sides = ({ shape }: Tensor) => [shape.at(-2), shape.at(-1)];
  const [height, width] = sides(outputs[0]!);
  return inputs.map((x) => {
    const [h, w] = sides(x);
    return h === height && w === width ? 'pointwise' : 'whole';
  });
}
