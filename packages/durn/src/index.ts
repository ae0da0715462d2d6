export { ssimAndL1 } from './loss.js';
export { DuRN_S } from './network.js';
export { durn } from './paper.js';
export { rainProtocol } from './protocol.js';
export { rainRecipes } from './recipes.js';
