import type { Node } from '../graph/node.js';
import type { Field, FieldWindow } from '../graph/receptive-field.js';
import type { Tensor } from '../graph/tensor.js';

/** Stride, dilation and padding of a window, in pixels. */
interface Moves {
  readonly stride?: number;
  readonly dilation?: number;
  readonly padding?: { readonly top: number; readonly left: number };
}

/** Field of a window that slides over a padded picture; the axis that reaches farther counts for both. */
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

/** Field of an operation along some axes: `whole` if height or width is among them, else `pointwise`. */
export function alongAxes(axes: readonly number[], { inputs }: Node): Field {
  return axes.every((axis) => axis < inputs[0]!.rank - 2) ? 'pointwise' : 'whole';
}

/** Fields of inputs that broadcast: `whole` for an input that is repeated along height or width, else `pointwise`. */
export function broadcastFields(_attributes: unknown, { inputs, outputs }: Node): Field[] {
  const sides = ({ shape }: Tensor) => [shape.at(-2), shape.at(-1)];
  const [height, width] = sides(outputs[0]!);
  return inputs.map((x) => {
    const [h, w] = sides(x);
    return h === height && w === width ? 'pointwise' : 'whole';
  });
}
