export type {
  LoadOptions,
  PictureInput,
  PictureModel,
  RestoredPicture,
  RestoreOptions,
} from '@unweather/model';
export { load, model } from './load.js';
export type { TaskName } from './model.js';
export { AFRNet, type AfrOptions, type Restored } from './networks/afrnet.js';
export type { Features } from './networks/features.js';
export type { ConvKind } from './networks/layers.js';
export { type AfrChannels, AfrModule, type RainMap } from './networks/refinement.js';
export { readBundle } from './tensorflow/bundle.js';
export { readTensorFlow } from './tensorflow/checkpoint.js';
export { tensorflowName } from './tensorflow/names.js';
