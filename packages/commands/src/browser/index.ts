export type { RestoreOptions, TileProgress } from '@unweather/core-tensor';
export type { ImageDataLike, Planes } from '../model/pixels.js';
export { RestoredPixels } from '../model/restored-pixels.js';
export { type BrowserLoadOptions, type BrowserModel, type BrowserPaper, browserLoaderOf } from './load.js';
export { type BitmapLike, type BrowserPicture, readBrowserPicture } from './read-input.js';
export { type BrowserWeights, readBrowserWeights } from './read-weights.js';
