export { charbonnier, everyPicture, lastPictureAlone } from './loss.js';
export { maximProtocol, maximRainProtocol } from './protocol.js';
export { blurRecipes, hazeRecipes, noiseRecipes, outdoorHazeRecipes, rainRecipes } from './recipes.js';
export { meanSpectrum } from './spectrum.js';
export { study } from './study.js';
