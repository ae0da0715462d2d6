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
export { load, type TaskName } from './load.js';
export { internalInput, type MultiToOneOptions, multiToOne, multiToOneTerms, totalVariation } from './loss.js';
export { DerivedNetwork } from './networks/derived.js';
export { PRIMITIVES, type Primitive } from './networks/gates/names.js';
export { Supernet } from './networks/supernet.js';
export { manas } from './paper.js';
export { manasProtocol } from './protocol.js';
export { rainRecipes } from './recipes.js';
export { complexity, type ObjectiveOptions, regularisation } from './search/objective.js';
export { type SearchRecipe, searchRecipes } from './search/recipes.js';
export { type SearchOptions, search } from './search/run.js';
export { searchSteps } from './search/steps.js';
