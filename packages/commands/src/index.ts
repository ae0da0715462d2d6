export { runCli } from './cli.js';
export { checkGoldens } from './parity/check.js';
export {
  compare,
  compareSummary,
  compareTexts,
  type GoldenCheck,
  norm,
  normOfDifference,
  numbersAsSummary,
  type Tolerance,
} from './parity/compare.js';
export { Summary } from './parity/golden-file.js';
export {
  type FileCheck,
  type FrozenFiles,
  type JudgedLoss,
  type Network,
  type Paper,
  Recipe,
  type Task,
} from './recipe.js';
