export { type ChosenModel, chooseModel } from './models/choose.js';
export { type KnownModel, MODELS, type PaperName, WEATHERS, type Weather } from './models/known.js';
export { type FoundWeights, type ModelOverview, overview } from './models/overview.js';
export type { RestoreEvent } from './restore/events.js';
export { UsageError } from './usage-error.js';
