export { load, type TaskName } from './load.js';
export { l1Alone, l1AndContrast, l1AndSimilarity } from './loss.js';
export { AECRNet } from './networks/aecr-net.js';
export { DeformableConv } from './networks/deformable.js';
export { FastDeconv } from './networks/fast-deconv.js';
export { KoschmiederNet } from './networks/koschmieder-net.js';
export { aecr } from './paper.js';
export { aecrProtocol } from './protocol.js';
export { hazeRecipes } from './recipes.js';
