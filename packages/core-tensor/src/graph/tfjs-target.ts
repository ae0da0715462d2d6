/** The part of a TensorFlow.js tensor that lowerings use. It holds values, so its shape is all numbers. */
export interface TfTensor {
  readonly shape: number[];
  readonly dtype: string;
  dataSync(): Float32Array | Int32Array;
}

type Unary = (x: TfTensor) => TfTensor;
type Binary = (a: TfTensor, b: TfTensor) => TfTensor;
type Reduction = (x: TfTensor, axes: readonly number[], keepDims: boolean) => TfTensor;

/**
 * The part of TensorFlow.js's API that lowerings use. They receive the module as an argument and import nothing, so
 * that any of its packages (tfjs-node-gpu, tfjs-node, tfjs) will do.
 */
export interface TfjsTarget {
  readonly abs: Unary;
  readonly neg: Unary;
  readonly relu: Unary;
  readonly sigmoid: Unary;
  readonly tanh: Unary;
  readonly sqrt: Unary;
  readonly sign: Unary;
  readonly exp: Unary;
  readonly log: Unary;
  readonly floor: Unary;
  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  readonly pow: Binary;
  readonly prelu: Binary;
  readonly greater: Binary;
  readonly equal: Binary;
  readonly sum: Reduction;
  readonly mean: Reduction;
  leakyRelu(x: TfTensor, alpha: number): TfTensor;
  softmax(x: TfTensor): TfTensor;
  argMax(x: TfTensor, axis: number): TfTensor;
  clipByValue(x: TfTensor, low: number, high: number): TfTensor;
  where(condition: TfTensor, a: TfTensor, b: TfTensor): TfTensor;
  cast(x: TfTensor, dtype: string): TfTensor;
  reshape(x: TfTensor, shape: readonly number[]): TfTensor;
  transpose(x: TfTensor, order: readonly number[]): TfTensor;
  concat(parts: readonly TfTensor[], axis: number): TfTensor;
  slice(x: TfTensor, begin: readonly number[], size: readonly number[]): TfTensor;
  pad(x: TfTensor, widths: readonly (readonly [number, number])[], value?: number): TfTensor;
  gather(x: TfTensor, indices: TfTensor, axis: number): TfTensor;
  unsortedSegmentSum(x: TfTensor, indices: TfTensor, count: number): TfTensor;
  broadcastTo(x: TfTensor, shape: readonly number[]): TfTensor;
  matMul(a: TfTensor, b: TfTensor): TfTensor;
  /** NHWC pictures, HWIO kernels. */
  conv2d(x: TfTensor, kernel: TfTensor, strides: number, pad: 'valid'): TfTensor;
  conv2dTranspose(
    x: TfTensor,
    kernel: TfTensor,
    outputShape: readonly number[],
    strides: number,
    pad: 'valid',
  ): TfTensor;
  maxPool(x: TfTensor, size: number, strides: number, pad: 'valid'): TfTensor;
  avgPool(x: TfTensor, size: number, strides: number, pad: 'valid'): TfTensor;
  ones(shape: readonly number[]): TfTensor;
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype: 'float32' | 'int32'): TfTensor;
  /** Makes a function with gradients of its own. */
  customGrad(
    f: (...inputs: TfTensor[]) => { value: TfTensor; gradFunc: (dy: TfTensor) => TfTensor[] },
  ): (...inputs: TfTensor[]) => TfTensor;
  zerosLike: Unary;
}
