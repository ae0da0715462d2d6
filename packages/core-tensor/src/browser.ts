// Entry point for browsers: graphs, networks, weights from bytes, and onnxruntime-web.

export {
  type BrowserEngine,
  type BrowserEngineOptions,
  openBrowserEngine,
} from './engines/onnxruntime-web/open-in-browser.js';
export type { DecodedPicture, Frame, FurtherFrames } from './image/decode.js';
export * from './pure.js';
