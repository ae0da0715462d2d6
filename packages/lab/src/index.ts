export { type OnBadPair, SkippedPairs } from './bad-pairs.js';
export { type OwnCommands, runCli } from './cli.js';
export { type Data, embeddedData, type MetaDataOptions, metaData } from './data.js';
export { type Contender, evaluate, networkContender, type Restoring, type Subject } from './evaluation/evaluate.js';
export type { FileScores, FilesToScore } from './evaluation/files.js';
export { type LpipsFiles, PerceptualJudge } from './evaluation/perceptual-judge.js';
export { provenanceOf } from './evaluation/provenance.js';
export type { ProtocolPlace } from './evaluation/scoring.js';
export { SCORING_THREADS, scoreFilesInThread } from './evaluation/threads.js';
export type { OnNan } from './on-nan.js';
export {
  badPairOption,
  engineOptions,
  keepingOptions,
  logOption,
  nanOption,
  validationOptions,
  weightsKeyOption,
} from './options.js';
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
export { type Recorder, type RecordOptions, recorded } from './record/record.js';
export {
  createReporter,
  type Reporter,
  type StageReport,
  type StepOfRun,
  type ValidationReport,
} from './reporter.js';
export type { RunFiles } from './run/checkpoints.js';
export type { KeptStatesOptions } from './run/kept-states.js';
export { newestCheckpoint } from './run/newest-checkpoint.js';
export type { RecoveryOptions } from './run/recovery.js';
export { requireUnchanged, resumedFrom, settingsIn } from './run/resume.js';
export { type Outcome, type Run, runStages } from './run/run.js';
export { type OpenStage, openParts, type Position, type Stage } from './run/stage.js';
export { type Metric, type Validated, Validation, type ValidationOptions } from './run/validation.js';
export { WeightAverage } from './run/weight-average.js';
export {
  type FileCheck,
  type NetworkFacts,
  type NetworkStudy,
  type Study,
  studyOf,
  type TaskFacts,
  type TaskStudy,
} from './study.js';
export { type KeepingOptions, limitsOf, requireValidation } from './train/keeping.js';
export type { TrainOptions } from './train/options.js';
export { requireSameRecipe } from './train/starting-point.js';
export { train } from './train/train.js';
