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
export { Maxim, type MaximSize } from './networks/maxim.js';
