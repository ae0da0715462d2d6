import { studyOf, type TaskFacts } from '@unweather/lab';
import { model } from '../load.js';
import { everyPicture, lastPictureAlone } from './loss.js';
import { checkState } from './parity/state.js';
import { maximProtocol, maximRainProtocol } from './protocol.js';
import * as recipes from './recipes.js';

const facts = {
  losses: { 'every-picture': everyPicture },
  gradientNoise: 1e-6,
  gradientShare: 1e-3,
  stepsNoise: 1e-3,
};

const losses: TaskFacts['losses'] = { 'every-picture': everyPicture, 'last-picture': lastPictureAlone };

/** MAXIM with everything to reproduce its paper. */
export const study = studyOf(model, {
  networks: { 'MAXIM-2S': facts, 'MAXIM-3S': facts, 'MAXIM-2S-narrow': facts },
  tasks: {
    rain: {
      recipes: recipes.rainRecipes,
      losses,
      protocols: [maximRainProtocol],
      benchmarks: {
        'rain100h/test': 'maxim-rain',
        'rain100l/test': 'maxim-rain',
        'rain13k/test100': 'maxim-rain',
        'rain13k/test2800': 'maxim-rain',
      },
      degradation: 'rain',
    },
    haze: {
      recipes: recipes.hazeRecipes,
      losses,
      protocols: [maximProtocol],
      benchmarks: { 'reside/sots-indoor': 'maxim' },
      degradation: 'indoor-haze',
    },
    'haze-outdoor': {
      recipes: recipes.outdoorHazeRecipes,
      losses,
      protocols: [maximProtocol],
      benchmarks: { 'reside/sots-outdoor': 'maxim' },
      degradation: 'outdoor-haze',
    },
    noise: {
      recipes: recipes.noiseRecipes,
      losses,
      protocols: [maximProtocol],
      benchmarks: {},
      degradation: 'camera-noise',
    },
    blur: {
      recipes: recipes.blurRecipes,
      losses,
      protocols: [maximProtocol],
      benchmarks: { 'gopro/test': 'maxim' },
      degradation: 'motion-blur',
    },
  },
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../../published.json', import.meta.url),
  goldens: new URL('../../goldens/', import.meta.url),
  checks: { 'state*.json': checkState },
});
