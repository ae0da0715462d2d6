export type {
  EncodeOptions,
  MetadataChoice,
  PictureFileFormat,
  PictureMetadata,
  RestoreOptions,
  TileProgress,
} from '@unweather/core-tensor';
export type { Bytes } from './bytes.js';
export { chosenEngine } from './engine.js';
export {
  type ForeignCheckpoints,
  type ForeignPackage,
  type FoundInFiles,
  type FoundNetworks,
  type InstalledModel,
  type ModelEntry,
  type NetworkEntry,
  networkNamed,
  networkOfTask,
  type TaskEntry,
} from './entry.js';
export { foreignPackageFor, hashByName, installCommand } from './foreign-packages.js';
export type { OpenListener } from './listener.js';
export { type LoadOptions, loaderOf, openModel, type PictureModel } from './load.js';
export { carriedWeights, type LocatedWeights, locateWeights, requireWeights } from './locate-weights.js';
export { Model, type ModelParts, type ModelRestoreOptions } from './model.js';
export { fits, pick } from './pick.js';
export type { ImageDataLike, Planes } from './pixels.js';
export type { PictureInput } from './read-input.js';
export { RestoredPicture } from './restored-picture.js';
export { type Restored, type RestoredImageData, RestoredPixels } from './restored-pixels.js';
export {
  foreignWeights,
  howToTrain,
  networkIn,
  noWeights,
  type OpenedWeights,
  openWeights,
  ownWeights,
  quickWeights,
  readWeights,
  saySkipped,
  trainedWeights,
  usualWeights,
  usualWeightsText,
  WAYS,
  type WeightsOptions,
} from './weights.js';
export type { WeightsInput } from './weights-input.js';
