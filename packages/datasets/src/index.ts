export { type EmbeddedSplit, embeddedPairs } from './embedded.js';
export { type Batch, Loader, type LoaderOptions } from './loader.js';
export { MetaFile, readMeta, requireCrop, verifyPairs } from './meta.js';
export { type FilePair, openPair, type Pair, type PairSource, type PictureReader, type RainPair } from './pair.js';
export { addRain, RAIN_LEVELS, type RainLevel } from './rain.js';
export { Registry, readRegistry, registrySchema } from './registry.js';
