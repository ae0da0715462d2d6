export { type BadPair, badPairsOf, type CheckPairsOptions, namesOf, verifyPairs } from './bad-pairs.js';
export { CHANNEL_ORDERS, type ColourJitter, withColourJitter } from './colour-jitter.js';
export { DecodedFiles } from './decoded-files.js';
export { DEGRADATIONS, type Degradation, type DegradationName } from './degrade/degradations.js';
export { torchNormals } from './degrade/torch-normal.js';
export { type EmbeddedSplit, embeddedPairs } from './embedded.js';
export { howToPrepare } from './how-to-prepare.js';
export { type Batch, epochsOf, Loader, type LoaderOptions, type Plan } from './loader.js';
export { MetaFile, type MetaList, readMeta, readMetaList, requireCrop } from './meta.js';
export { type OverviewRow, overview } from './overview.js';
export { type FilePair, openPair, type Pair, type PairSource, type SynthesisedPair, whole } from './pair.js';
export type { PairsOptions } from './pairs/options.js';
export { pairFolders } from './pairs/pairs.js';
export { openPicture, sizeOf } from './picture-file.js';
export type { PrepareOptions } from './prepare/options.js';
export { prepare } from './prepare/prepare.js';
export { Prepared, type PreparedSplit, preparedSplits } from './prepare/sidecar.js';
export {
  datasetOf,
  type RegisteredDataset,
  type RegisteredSplit,
  Registry,
  readRegistry,
  registryPath,
  registrySchema,
} from './registry.js';
export { createReporter, type Reporter } from './report.js';
export { type PoolSize, type Refusal, ThreadPool } from './thread-pool.js';
export type { Leakage } from './verify/leakage.js';
export { compareLists, type SharedPicture, type TwoListsOptions } from './verify/two-lists.js';
export { type VerifyOptions, verify } from './verify/verify.js';
export type { Visit } from './visits.js';
