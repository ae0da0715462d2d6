export type {
  LoadOptions,
  PictureInput,
  PictureModel,
  RestoredPicture,
  RestoreOptions,
} from '@unweather/model';
export {
  type Architecture,
  architectureNamed,
  type CellKind,
  type Edges,
  edgesOf,
  nameOf,
} from './architecture/architecture.js';
export { derive } from './architecture/derive.js';
export { drawn } from './architecture/draw.js';
export { readArchitecture, writeArchitecture } from './architecture/file.js';
export { networkInCheckpoint } from './checkpoint/in-checkpoint.js';
export { isOfUnusedCandidate } from './checkpoint/unused.js';
export { load, model } from './load.js';
export type { TaskName } from './model.js';
export { DerivedNetwork } from './networks/derived.js';
export { PRIMITIVES, type Primitive } from './networks/gates/names.js';
