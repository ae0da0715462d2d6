export { type ChosenModel, chooseModel } from './models/choose.js';
export {
  type FoundWeights,
  type MissingWeights,
  type ModelOverview,
  type ModelTime,
  overview,
} from './models/overview.js';
export { type NetworkSpeed, SPEED_FILE, type SpeedFile } from './models/speed.js';
export {
  type KnownModel,
  MODELS,
  type ModelModule,
  PAPER_LIST,
  PAPERS,
  type PaperName,
  type PaperRow,
  WEATHERS,
  type Weather,
} from './papers.js';
export type { RestoreEvent } from './restore/events.js';
export { UsageError } from './usage-error.js';
