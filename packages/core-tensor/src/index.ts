// Entry point for Node: everything, including the parts that read files and start threads.

export {
  hashOfWeights,
  networkOf,
  readCheckpoint,
  readRecipe,
  writeCheckpoint,
} from './checkpoint/checkpoint.js';
export { crc32c, maskedCrc32c } from './checkpoint/crc32c.js';
export { readNpz } from './checkpoint/numpy/npz.js';
export { type PyTorchFile, readPyTorch, readPyTorchFile } from './checkpoint/pytorch/read.js';
export {
  readMetadata,
  readSafetensors,
  type WriteOptions,
  writeSafetensors,
} from './checkpoint/safetensors.js';
export {
  formatOfFile,
  parseTensorFile,
  readTensorFile,
  readTensors,
  type TensorFileOptions,
} from './checkpoint/tensor-file.js';
export { type GraphModel, type GraphModelNode, readGraphModel } from './checkpoint/tensorflow-js/graph-model.js';
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
  pixelsOf,
} from './image/decode.js';
export {
  depthIn,
  type EncodedPicture,
  type EncodeOptions,
  encodePicture,
  formatNamed,
  requireSides,
} from './image/encode.js';
export { pictureSize, readPicture, writePng } from './image/files.js';
export {
  type FoundHeader,
  type FoundPictures,
  findPictures,
  type LeftOut,
  leftOutText,
} from './image/find-pictures.js';
export { FRAME_FORMATS, PICTURE_FORMATS, type PictureFileFormat } from './image/formats.js';
export { type PictureHeader, readHeader } from './image/header.js';
export * from './pure.js';
export { Restorer } from './restore/restorer.js';
export { isClutter } from './support/clutter.js';
export { type CommandPlace, commandOf } from './support/command-of.js';
export { defaultThreads, usableCores } from './support/cores.js';
export { exists, fileReason, isStream, type NamedBytes, readEnd, readStart, readWhole } from './support/files.js';
export { interruptible } from './support/interruptible.js';
export { isFileUrl, pathOf } from './support/path.js';
export { printError } from './support/print-error.js';
export { runProgram } from './support/run-program.js';
export { readStandardInput, STANDARD, writeStandardOutput } from './support/standard-streams.js';
export { decodeText, readText } from './support/text.js';
export { THREAD_OPTIONS, threadFailure, withNewThread } from './support/thread.js';
export { versions } from './support/versions.js';
export { keepUnder, writableFolder, writeWhole } from './support/write-whole.js';
export { readVgg } from './vgg/read-vgg.js';
