export { Supernet } from '../networks/supernet.js';
export { internalInput, type MultiToOneOptions, multiToOne, multiToOneTerms, totalVariation } from './loss.js';
export { manasProtocol } from './protocol.js';
export { rainRecipes } from './recipes.js';
export { complexity, type ObjectiveOptions, regularisation } from './search/objective.js';
export { type SearchRecipe, searchRecipes } from './search/recipes.js';
export { type SearchOptions, search } from './search/run.js';
export { searchSteps } from './search/steps.js';
export { study } from './study.js';
