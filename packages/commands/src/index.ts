export { runCli } from './cli.js';
export { checkGoldens, type GoldenCheck } from './parity/check.js';
export { type FrozenFiles, type JudgedLoss, type Network, type Paper, Recipe, type Task } from './recipe.js';
