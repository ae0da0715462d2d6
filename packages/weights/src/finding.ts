// Entry of the package for finding weights only: it loads no metric and no progress bar.

export type { DownloadProgress } from './cache/request.js';
export type { MeasuredRow } from './card/card.js';
export { measuredIn } from './card/read-measured.js';
export { type FindOptions, type FoundWeights, findWeights } from './find.js';
export { type InstalledPackage, installedPackage, weightsIn } from './packages/installed.js';
export { shownWeights, type WeightsSource, weightsSource } from './source.js';
