export type {
  LoadOptions,
  PictureInput,
  PictureModel,
  RestoredPicture,
  RestoreOptions,
} from '@unweather/model';
export { load, model } from './load.js';
export type { TaskName } from './model.js';
export { Maxim, type MaximSize } from './networks/maxim.js';
