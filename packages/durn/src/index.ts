export { load, type TaskName } from './load.js';
export { l1Alone, meanSquaredError, ssimAndL1 } from './loss.js';
export { DuRN_S_P } from './networks/durn-s-p.js';
export { DuRN_U } from './networks/durn-u.js';
export { DuRN_US } from './networks/durn-us.js';
export { DuRN_P, DuRN_P_no_norm, DuRN_S } from './networks/full-resolution.js';
export { durn } from './paper.js';
export * from './protocol.js';
export * from './recipes.js';
