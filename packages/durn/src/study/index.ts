export { l1Alone, meanSquaredError, ssimAndL1 } from './loss.js';
export * from './protocol.js';
export * from './recipes.js';
export { study } from './study.js';
