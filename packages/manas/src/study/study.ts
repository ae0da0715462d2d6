import { type NetworkFacts, studyOf } from '@unweather/lab';
import { model } from '../load.js';
import { multiToOne } from './loss.js';
import { checkAlphas } from './parity/alphas.js';
import { checkLosses, checkSsim } from './parity/losses.js';
import { checkMetrics } from './parity/metrics.js';
import { checkDerived, checkDerivedState, checkSupernet, checkSupernetState } from './parity/pictures.js';
import { checkPrimitives } from './parity/primitives.js';
import { checkArchitectureStep } from './parity/search-step.js';
import { checkSteps } from './parity/steps.js';
import { checkDerivedTraining, checkSupernetTraining } from './parity/training.js';
import { manasProtocol } from './protocol.js';
import { rainRecipes } from './recipes.js';

const losses = {
  'multi-to-one': multiToOne({ ssim: false }),
  'multi-to-one+ssim': multiToOne(),
  'multi-to-one+ssim-improved': multiToOne({ internal: 'mse+ssim' }),
  'one-to-one+ssim': multiToOne({ internal: 'none' }),
};

const facts: NetworkFacts = { losses, gradientNoise: 1e-4, gradientShare: 1e-3, stepsNoise: 5e-2 };

/** MANAS with everything that reproduces its paper. */
export const study = studyOf(model, {
  networks: Object.fromEntries(Object.keys(model.networks).map((name) => [name, facts])),
  found: facts,
  tasks: {
    rain: {
      recipes: rainRecipes,
      losses,
      protocols: [manasProtocol],
      benchmarks: Object.fromEntries(
        [
          'did-mdn/test-manas',
          'rain800/test',
          'rain100l/test',
          'rain100h/test',
          'rain12/test',
          'rain1400/official-test',
        ].map((split) => [split, manasProtocol.name]),
      ),
      degradation: 'rain',
    },
  },
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../../published.json', import.meta.url),
  goldens: new URL('../../goldens/', import.meta.url),
  checks: {
    'FixedMixedAutoNet.eval.*.json': checkDerived({ stem: true }),
    'FixedMixedAutoNet-no-stem.eval.*.json': checkDerived({ stem: false }),
    'FixedMixedAutoNet.state*.json': checkDerivedState,
    'FixedMixedAutoNet.train.*.json': checkDerivedTraining,
    'FixedMixedAutoNet.steps*.json': checkSteps,
    'MixedSearchSpace.eval.*.json': checkSupernet,
    'MixedSearchSpace.state*.json': checkSupernetState,
    'MixedSearchSpace.train.*.json': checkSupernetTraining,
    'MixedSearchSpace.arch-step.*.json': checkArchitectureStep,
    'alphas*.json': checkAlphas,
    'losses*.json': checkLosses,
    'metrics*.json': checkMetrics,
    'ops*.json': checkPrimitives,
    'ssim*.json': checkSsim,
  },
});
