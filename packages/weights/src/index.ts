export type { Download } from './cache/entry.js';
export { type Card, cardMarkdown, checkCard, SECTIONS, type Training } from './card/card.js';
export { type CardFacts, makeCard, makeForeignCard } from './card/make-card.js';
export * from './finding.js';
export { type Halved, halve } from './half.js';
export { type Held, inventory, problemOf } from './inventory.js';
export { Manifest, type PackagedWeights } from './packages/manifest.js';
export { cacheFolder, isOffline } from './places.js';
export { progressText } from './progress.js';
