export type {
  LoadOptions,
  PictureInput,
  PictureModel,
  RestoredPicture,
  RestoreOptions,
} from '@unweather/model';
export { load, model } from './load.js';
export type { TaskName } from './model.js';
export { AECRNet } from './networks/aecr-net.js';
export { DeformableConv } from './networks/deformable.js';
export { FastDeconv } from './networks/fast-deconv.js';
