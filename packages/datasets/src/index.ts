export { DEGRADATIONS, type Degradation, type DegradationName } from './degrade/degradations.js';
export { torchNormals } from './degrade/torch-normal.js';
export { type EmbeddedSplit, embeddedPairs } from './embedded.js';
export { type Batch, Loader, type LoaderOptions, type Plan } from './loader.js';
export { MetaFile, readMeta, requireCrop, verifyPairs } from './meta.js';
export { type FilePair, openPair, type Pair, type PairSource, type SynthesisedPair, whole } from './pair.js';
export { openPicture } from './picture-file.js';
export { Registry, readRegistry, registrySchema } from './registry.js';
export type { Visit } from './visits.js';
