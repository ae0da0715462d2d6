import { add, log, mean, mul, neg, slice, softmax, sub, type Tensor } from '@unweather/core-tensor';

/** Weights of the architecture loss's terms. */
export interface ObjectiveOptions {
  /** Weight of the regularisation of both tables; 0.01 in the official code. */
  readonly regularisation: number;
  /** Weight of the model's complexity: part of the paper's objective, commented out in the released code. */
  readonly complexity: number;
  /** Columns of the edges' table that the complexity weighs; see {@link complexity}. */
  readonly columns: ComplexityColumns;
}

export type ComplexityColumns = 'intended' | 'code';

/**
 * Indecision of a table: the mean over all entries of −p·log₁₀ p − (1 − p)·log₁₀(1 − p), with p the softmax of each row
 * (official method `loss`). NaN if any p is exactly 0 or 1.
 * @param table [rows, columns]
 */
export function regularisation(table: Tensor): Tensor {
  const p = softmax(table, 1);
  const rest = sub(1, p);
  const entropy = neg(add(mul(p, log(p)), mul(rest, log(rest))));
  return mul(mean(entropy), 1 / Math.LN10);
}

/** Shares of the parameters, rounded to one digit as in the official code. */
const CELL_COSTS = [0.7, 0.3];
const EDGE_COSTS: Readonly<Record<ComplexityColumns, Readonly<Record<number, number>>>> = {
  // sep_conv_3x3, dil_conv_3x3, SE, SE_A_M, CBAM
  intended: { 2: 0.5, 3: 0.2, 6: 0.1, 7: 0.1, 8: 0.1 },
  // The commented line of the code weighs the spatial gates: its script lists candidates in another order.
  code: { 4: 0.5, 5: 0.2, 6: 0.1, 7: 0.1, 8: 0.1 },
};

/**
 * Cost of the candidates that both tables favour: the sum over columns of the softmax's mean over rows, times the
 * column's share of the parameters.
 * @param arch [12, 2]
 * @param auto [27, 9]
 */
export function complexity(arch: Tensor, auto: Tensor, columns: ComplexityColumns): Tensor {
  const terms = (table: Tensor, costs: Readonly<Record<number, number>>) => {
    const shares = softmax(table, 1);
    return Object.entries(costs).map(([column, cost]) =>
      mul(mean(slice(shares, 1, Number(column), Number(column) + 1)), cost),
    );
  };
  return [...terms(arch, { ...CELL_COSTS }), ...terms(auto, EDGE_COSTS[columns])].reduce((a, b) => add(a, b));
}
