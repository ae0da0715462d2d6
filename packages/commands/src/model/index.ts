export type { EncodeOptions, PictureFileFormat, RestoreOptions, TileProgress } from '@unweather/core-tensor';
export { carriedWeights, locateWeights } from '../locate-weights.js';
export { howToTrain, quickWeights, usualWeights } from '../weights.js';
export { type LoadOptions, loaderOf, openModel, type PictureModel } from './load.js';
export { Model, type ModelParts } from './model.js';
export type { ImageDataLike, Planes } from './pixels.js';
export type { PictureInput } from './read-input.js';
export { RestoredPicture } from './restored-picture.js';
export { type RestoredImageData, RestoredPixels } from './restored-pixels.js';
