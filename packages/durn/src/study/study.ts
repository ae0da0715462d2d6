import { type NetworkFacts, studyOf } from '@unweather/lab';
import { model } from '../load.js';
import { l1Alone, meanSquaredError, ssimAndL1 } from './loss.js';
import { checkLosses } from './parity/losses.js';
import { checkMetrics } from './parity/metrics.js';
import { checkNoise } from './parity/noise.js';
import { checkSchedules } from './parity/schedules.js';
import * as protocols from './protocol.js';
import * as recipes from './recipes.js';

/** Losses by their names in golden files. */
const GOLDEN_LOSSES: NetworkFacts['losses'] = {
  'ssim+l1': ssimAndL1,
  '-1.1*ssim + 0.75*l1': ssimAndL1,
  mse: meanSquaredError,
  'mean squared error': meanSquaredError,
};

const facts = (gradientNoise: number, stepsNoise: number): NetworkFacts => ({
  losses: GOLDEN_LOSSES,
  gradientNoise,
  gradientShare: 5e-3,
  stepsNoise,
});

const losses = { 'ssim+l1': ssimAndL1 };

/** DuRN with everything to reproduce its paper. */
export const study = studyOf(model, {
  networks: {
    DuRN_P: facts(5e-6, 2.5e-2),
    DuRN_P_no_norm: facts(1e-8, 1e-4),
    DuRN_U: facts(1e-6, 8.5e-2),
    // The official code's own float64 and float32 values differ by 3.7e-3, as gradients of the attention are tiny.
    DuRN_US: facts(1e-8, 1e-2),
    DuRN_S: facts(5e-6, 3e-3),
    DuRN_S_P: facts(5e-6, 3e-3),
    // Ours, so there is no official code to compare with.
    VeilNet: { losses: {}, gradientNoise: 0, gradientShare: 0, stepsNoise: 0 },
  },
  tasks: {
    rain: {
      recipes: recipes.rainRecipes,
      losses,
      protocols: [protocols.rainProtocol],
      benchmarks: { 'did-mdn/test': 'durn-rain', 'rain1400/test': 'durn-rain', 'rain1400/test-nledn': 'durn-rain' },
      degradation: 'rain',
    },
    raindrop: {
      recipes: recipes.raindropRecipes,
      losses: { ...losses, l1: l1Alone },
      protocols: [protocols.raindropProtocol],
      benchmarks: { 'raindrop/test-a': 'durn-raindrop', 'raindrop/test-b': 'durn-raindrop' },
      degradation: 'raindrops',
    },
    haze: {
      recipes: recipes.hazeRecipes,
      losses,
      protocols: [protocols.hazeProtocol, protocols.hazeFloatProtocol],
      benchmarks: { 'reside/sots-indoor': 'durn-haze', 'dcpdn/test-a': 'durn-haze-float' },
      degradation: 'haze',
    },
    blur: {
      recipes: recipes.blurRecipes,
      losses,
      protocols: [protocols.blurWholeProtocol, protocols.blurProtocol, protocols.carProtocol],
      benchmarks: { 'gopro/test': 'durn-blur', 'cars/test': 'durn-blur-cars' },
      degradation: 'motion-blur',
    },
    noise: {
      recipes: recipes.noiseRecipes,
      losses: { mse: meanSquaredError },
      protocols: [protocols.noiseProtocol],
      benchmarks: { 'bsd-gray/test': 'durn-noise' },
      degradation: 'gaussian-noise',
    },
    'real-noise': {
      recipes: recipes.realNoiseRecipes,
      losses,
      protocols: [protocols.realNoiseProtocol],
      benchmarks: { 'real-noise-hkpoly/test': 'durn-real-noise' },
      degradation: 'camera-noise',
    },
  },
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../../published.json', import.meta.url),
  goldens: new URL('../../goldens/', import.meta.url),
  checks: {
    'losses*.json': checkLosses,
    'metrics*.json': checkMetrics,
    'noise*.json': checkNoise,
    'schedule*.json': checkSchedules,
  },
});
