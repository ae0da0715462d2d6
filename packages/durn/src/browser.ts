import { browserLoaderOf } from '@unweather/model/browser';
import { model } from './model.js';

/** Opens a network with its weights; `restore` of the result takes photographs. Default: task 'rain'. */
export const load = browserLoaderOf(model);

export type {
  BrowserLoadOptions,
  BrowserModel,
  BrowserPicture,
  BrowserWeights,
  RestoredPixels,
} from '@unweather/model/browser';
export { model, type TaskName } from './model.js';
export { DuRN_S_P } from './networks/durn-s-p.js';
export { DuRN_U } from './networks/durn-u.js';
export { DuRN_US } from './networks/durn-us.js';
export { DuRN_P, DuRN_P_no_norm, DuRN_S } from './networks/full-resolution.js';
