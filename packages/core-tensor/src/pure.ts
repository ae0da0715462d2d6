// Exports that need neither Node nor a browser.

export { gradients } from './autodiff/gradients.js';
export { Budget } from './checkpoint/budget.js';
export { firstNotFinite, type NotFinite, requireFinite } from './checkpoint/finite.js';
export { recognise, START_BYTES, type Stranger, strangerText, type WeightsFormat } from './checkpoint/format.js';
export { type Checkpoint, checkpointOf, networkNamedIn, type Progress } from './checkpoint/held-against.js';
export { Unreadable } from './checkpoint/reader.js';
export { reading, readingSlowly } from './checkpoint/reading.js';
export { parseSafetensors, type SafetensorsFile } from './checkpoint/safetensors-bytes.js';
export type { Executable } from './engines/executable.js';
export { emitOnnx } from './engines/onnxruntime/emit.js';
export { goldenPicture, goldenState, type NamedShape, shapesOf } from './golden/fill.js';
export { DEVICES, type Device } from './graph/device.js';
export { type Dim, type Shape, show } from './graph/dim.js';
export { buildGraph, type Graph } from './graph/graph.js';
export { ShapeError } from './graph/node.js';
export { constant, type DType, input, type Operand, state, Tensor } from './graph/tensor.js';
export { elements, float32, type State, type TensorData, zeros } from './graph/tensor-data.js';
export { currentTrace, type Trace, trace } from './graph/trace.js';
export { byteOf, requireFinitePicture, wordOf } from './image/levels.js';
export { METADATA, type MetadataChoice } from './image/metadata/choices.js';
export { addMetadata, framesIn, metadataIn } from './image/metadata/in-files.js';
export type { PictureMetadata } from './image/metadata/metadata.js';
export {
  type AnyPicture,
  cut,
  type FloatPicture,
  isBytes,
  mirrored,
  type Picture,
  rotated,
  toBytes,
  toFloats,
  type Window,
} from './image/picture.js';
export { type ColourOrder, channelsOf, fromPlanes, toPlanes } from './image/planes.js';
export { resizedBilinear } from './image/resize-bilinear.js';
export { resizedOpenCV } from './image/resize-opencv.js';
export {
  CONTRASTIVE_LAYERS,
  CONTRASTIVE_WEIGHTS,
  type ContrastiveOptions,
  contrastive,
} from './losses/contrastive.js';
export { l1 } from './losses/l1.js';
export { l1AndSsim } from './losses/l1-and-ssim.js';
export type { Loss, LossTerms } from './losses/loss.js';
export { mse } from './losses/mse.js';
export { perceptual } from './losses/perceptual.js';
export { ssim } from './losses/ssim.js';
export { reweighted, type WeightedLoss, weightedLoss } from './losses/weighted.js';
export { BatchNorm2d } from './nn/batch-norm2d.js';
export { ConvTranspose2d, type ConvTranspose2dOptions } from './nn/conv-transpose2d.js';
export { Conv2d, type Conv2dOptions } from './nn/conv2d.js';
export { fill, uniform } from './nn/initial.js';
export { InstanceNorm2d, instanceNormal } from './nn/instance-norm2d.js';
export { Lambda } from './nn/lambda.js';
export { Linear } from './nn/linear.js';
export { buffer, type Initialiser, Module, Parameter, Sequential } from './nn/module.js';
export { inferenceGraph, initialState, initialValue } from './nn/network.js';
export { formatOf, type PictureFormat, type PictureNetwork } from './nn/picture-network.js';
export { PReLU } from './nn/prelu.js';
export * from './ops/index.js';
export { accumulated } from './optim/accumulated.js';
export { type AdamOptions, adam } from './optim/adam.js';
export { clipByNorm } from './optim/clip.js';
export type { Optimiser, OptimiserOptions, ParameterGroup } from './optim/optimiser.js';
export { learningRate, type Schedule } from './optim/schedule.js';
export { type SgdOptions, sgd } from './optim/sgd.js';
export { type StepOptions, type TrainingStep, type Update, updateStep } from './optim/update.js';
export { receptiveRadiusOf } from './restore/receptive-field.js';
export {
  type RestoreOptions,
  type RunningNetwork,
  restorePicture,
  type TileProgress,
} from './restore/restore-picture.js';
export type { TileOptions } from './restore/tiles.js';
export { Breath } from './support/breath.js';
export { errorCode, messageOf, UserError } from './support/error.js';
export { inOrder } from './support/in-order.js';
export { isFloat32Array, isUint8Array, isUint16Array, kindOf } from './support/kinds.js';
export { nearestNames } from './support/nearest.js';
export { type OptionNames, refuseUnknown } from './support/options.js';
export { fnv1a, Random } from './support/random.js';
export { choicesText, listed, printable, quoted, shown } from './support/shown.js';
export { valueText } from './support/value-text.js';
export {
  DivergedError,
  diverged,
  runTraining,
  type StepReport,
  type TrainingBatch,
  type TrainingRun,
} from './train/loop.js';
export { withPopulationStatistics } from './train/population-statistics.js';
export { type StepShape, type TrainingStepOptions, trainingStep } from './train/step.js';
export { Vgg, type VggKind, type VggPreprocessing } from './vgg/vgg.js';
