export { l1Alone, l1AndContrast, l1AndSimilarity } from './loss.js';
export { aecrProtocol } from './protocol.js';
export { hazeRecipes } from './recipes.js';
export { study } from './study.js';
