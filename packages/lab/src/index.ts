export { type OwnCommands, runCli } from './cli.js';
export { type Data, embeddedData, metaData } from './data.js';
export { evaluate, networkContender } from './evaluation/evaluate.js';
export { engineOptions, logOption } from './options.js';
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
export { type GoldenOptimiser, readOptimiser } from './parity/optimiser.js';
export {
  type EquippedLoss,
  equipped,
  type FrozenFiles,
  lossOf,
  patchOf,
  Recipe,
  type StepMaker,
  stepOf,
} from './recipe.js';
export { chosenRecipe, type RecipeKind } from './recipe-file.js';
export { createReporter, type Reporter } from './reporter.js';
export { resumedFrom } from './run-state.js';
export {
  type FileCheck,
  type NetworkFacts,
  type NetworkStudy,
  type Study,
  studyOf,
  type TaskFacts,
  type TaskStudy,
} from './study.js';
export { type TrainOptions, train } from './train.js';
