export type {
  LoadOptions,
  PictureInput,
  PictureModel,
  RestoredPicture,
  RestoreOptions,
} from '@unweather/model';
export { load, model } from './load.js';
export type { TaskName } from './model.js';
export { DuRN_S_P } from './networks/durn-s-p.js';
export { DuRN_U } from './networks/durn-u.js';
export { DuRN_US } from './networks/durn-us.js';
export { DuRN_P, DuRN_P_no_norm, DuRN_S } from './networks/full-resolution.js';
