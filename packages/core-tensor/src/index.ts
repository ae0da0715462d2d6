// Entry point for Node: everything, including the parts that read files and start threads.

export {
  hashOfWeights,
  isPyTorch,
  networkOf,
  readCheckpoint,
  readRecipe,
  writeCheckpoint,
} from './checkpoint/checkpoint.js';
export { type PyTorchFile, readPyTorch, readPyTorchFile } from './checkpoint/pytorch/read.js';
export {
  readMetadata,
  readSafetensors,
  type WriteOptions,
  writeSafetensors,
} from './checkpoint/safetensors.js';
export { ENGINES, type Engine, type EngineOptions, type OpenedEngine } from './engines/engine.js';
export { compile, compileHere } from './engines/onnxruntime/compile.js';
export { type Explanation, explainDevice } from './engines/onnxruntime/explain.js';
export type { OnnxOptions } from './engines/onnxruntime/session.js';
export { writeOnnx } from './engines/onnxruntime/write-onnx.js';
export { openEngine } from './engines/open.js';
export {
  type DecodedPicture,
  type DecodeOptions,
  decodePicture,
  type Frame,
  type FurtherFrames,
  metadataOf,
} from './image/decode.js';
export {
  depthIn,
  type EncodedPicture,
  type EncodeOptions,
  encodePicture,
  formatNamed,
} from './image/encode.js';
export { pictureSize, readPicture, writePng } from './image/files.js';
export { type FoundPictures, findPictures, type LeftOut, leftOutText } from './image/find-pictures.js';
export { FRAME_FORMATS, PICTURE_FORMATS, type PictureFileFormat } from './image/formats.js';
export { type PictureHeader, readHeader } from './image/header.js';
export * from './pure.js';
export { Restorer } from './restore/restorer.js';
export { isClutter } from './support/clutter.js';
export { defaultThreads, usableCores } from './support/cores.js';
export { exists, fileReason, readWhole, writableFolder, writeWhole } from './support/files.js';
export { interruptible } from './support/interruptible.js';
export { runProgram } from './support/run-program.js';
export { decodeText, readText } from './support/text.js';
export { versions } from './support/versions.js';
export { readVgg } from './vgg/read-vgg.js';
