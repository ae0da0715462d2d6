import { broadcastShape, fill, type Kernel, number, read } from './values.js';

const each =
  (f: (...values: number[]) => number): Kernel =>
  (inputs) => [fill(broadcastShape(inputs), (place) => f(...inputs.map((value) => read(value, place))))];

/** ONNX's number of the type int64. */
const INT64 = 7;
const BOOL = 9;

export const ELEMENTWISE: Readonly<Record<string, Kernel>> = {
  Abs: each(Math.abs),
  Neg: each((x) => -x),
  Relu: each((x) => Math.max(x, 0)),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  Tanh: each(Math.tanh),
  Sqrt: each(Math.sqrt),
  Sign: each(Math.sign),
  Exp: each(Math.exp),
  Log: each(Math.log),
  Floor: each(Math.floor),
  Identity: each((x) => x),
  Add: each((a, b) => a! + b!),
  Sub: each((a, b) => a! - b!),
  Mul: each((a, b) => a! * b!),
  Div: each((a, b) => a! / b!),
  Pow: each((a, b) => a! ** b!),
  Greater: each((a, b) => Number(a! > b!)),
  Equal: each((a, b) => Number(a === b)),
  Where: each((mask, a, b) => (mask === 0 ? b! : a!)),
  Gelu: each((x) => 0.5 * x! * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x! + 0.044715 * x! ** 3)))),
  Clip: each((x, low, high) => Math.min(Math.max(x!, low!), high!)),
  PRelu: each((x, slope) => (x! > 0 ? x! : x! * slope!)),
  LeakyRelu: (inputs, attributes) => each((x) => (x! > 0 ? x! : x! * number(attributes, 'alpha')))(inputs, {}),
  Cast: (inputs, { to }) =>
    each((x) => (to === INT64 ? Math.trunc(x!) : to === BOOL ? Number(x !== 0) : x!))(inputs, {}),
};
