export type { MetadataChoice, PictureMetadata, RestoreOptions, TileProgress } from '@unweather/core-tensor';
export type { Bytes } from '../bytes.js';
export type { ModelEntry, NetworkEntry, TaskEntry } from '../entry.js';
export type { ModelRestoreOptions } from '../model.js';
export type { ImageDataLike, Planes } from '../pixels.js';
export { type Restored, RestoredPixels } from '../restored-pixels.js';
export { type BrowserLoadOptions, type BrowserModel, browserLoaderOf } from './load.js';
export { type BitmapLike, type BrowserPicture, readBrowserPicture } from './read-input.js';
export { type BrowserWeights, readBrowserWeights } from './read-weights.js';
