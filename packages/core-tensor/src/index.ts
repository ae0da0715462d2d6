// Entry point for Node: everything, including the parts that read files and start threads.

export {
  hashOfWeights,
  isPyTorch,
  networkOf,
  readCheckpoint,
  readRecipe,
  writeCheckpoint,
} from './checkpoint/checkpoint.js';
export { readNpz } from './checkpoint/numpy/npz.js';
export { type PyTorchFile, readPyTorch, readPyTorchFile } from './checkpoint/pytorch/read.js';
export {
  readMetadata,
  readSafetensors,
  type WriteOptions,
  writeSafetensors,
} from './checkpoint/safetensors.js';
export { type GraphModel, type GraphModelNode, readGraphModel } from './checkpoint/tensorflow-js/graph-model.js';
export { ENGINES, type Engine, type EngineOptions, type OpenedEngine } from './engines/engine.js';
export { compile } from './engines/onnxruntime/compile.js';
export { type Explanation, explainDevice } from './engines/onnxruntime/explain.js';
export { compileHere, type OnnxOptions } from './engines/onnxruntime/session.js';
export { writeOnnx } from './engines/onnxruntime/write-onnx.js';
export { openEngine } from './engines/open.js';
export { type DecodedPicture, decodePicture } from './image/decode.js';
export {
  type EncodeOptions,
  encodePicture,
  formatNamed,
} from './image/encode.js';
export { pictureSize, readPicture, writePng } from './image/files.js';
export { PICTURE_FORMATS, type PictureFileFormat } from './image/formats.js';
export * from './pure.js';
export { Restorer } from './restore/restorer.js';
export { defaultThreads, usableCores } from './support/cores.js';
export { fileReason, readWhole, writableFolder, writeWhole } from './support/files.js';
export { interruptible } from './support/interruptible.js';
export { runProgram } from './support/run-program.js';
export { versions } from './support/versions.js';
export { readVgg } from './vgg/read-vgg.js';
