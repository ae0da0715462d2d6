import type { Network, Paper } from '@unweather/commands';
import { l1Alone, meanSquaredError, ssimAndL1 } from './loss.js';
import { DuRN_S_P } from './networks/durn-s-p.js';
import { DuRN_U } from './networks/durn-u.js';
import { DuRN_US } from './networks/durn-us.js';
import { DuRN_P, DuRN_P_no_norm, DuRN_S } from './networks/full-resolution.js';
import { checkLosses } from './parity/losses.js';
import { checkMetrics } from './parity/metrics.js';
import { checkNoise } from './parity/noise.js';
import { checkSchedules } from './parity/schedules.js';
import * as protocols from './protocol.js';
import * as recipes from './recipes.js';

/** Losses as golden files name them. */
const GOLDEN_LOSSES: Network['losses'] = {
  'ssim+l1': ssimAndL1,
  '-1.1*ssim + 0.75*l1': ssimAndL1,
  mse: meanSquaredError,
  'mean squared error': meanSquaredError,
};

const network = (create: Network['create'], gradientNoise: number, stepsNoise: number): Network => ({
  create,
  losses: GOLDEN_LOSSES,
  gradientNoise,
  gradientShare: 5e-3,
  stepsNoise,
});

const losses = { 'ssim+l1': ssimAndL1 };

/** DuRN as the shared commands see it. */
export const durn: Paper = {
  name: 'durn',
  title: 'Dual Residual Networks, CVPR 2019',
  networks: {
    DuRN_P: network(() => new DuRN_P(), 5e-6, 2.5e-2),
    DuRN_P_no_norm: network(() => new DuRN_P_no_norm(), 1e-8, 1e-4),
    DuRN_U: network(() => new DuRN_U(), 1e-6, 8.5e-2),
    // The official code run in float64 is itself 3.7e-3 off its float32 values: gradients of the attention are tiny.
    DuRN_US: network(() => new DuRN_US(), 1e-8, 1e-2),
    DuRN_S: network(() => new DuRN_S(), 5e-6, 3e-3),
    DuRN_S_P: network(() => new DuRN_S_P(), 5e-6, 3e-3),
  },
  tasks: {
    rain: {
      title: 'rain streaks',
      network: 'DuRN_S',
      recipes: recipes.rainRecipes,
      losses,
      protocols: [protocols.rainProtocol],
      benchmarks: { 'did-mdn/test': 'durn-rain', 'rain1400/test': 'durn-rain', 'rain1400/test-nledn': 'durn-rain' },
      degradation: 'rain',
    },
    raindrop: {
      title: 'raindrops',
      network: 'DuRN_S_P',
      recipes: recipes.raindropRecipes,
      losses: { ...losses, l1: l1Alone },
      protocols: [protocols.raindropProtocol],
      benchmarks: { 'raindrop/test-a': 'durn-raindrop', 'raindrop/test-b': 'durn-raindrop' },
      degradation: 'raindrops',
    },
    haze: {
      title: 'haze',
      network: 'DuRN_US',
      recipes: recipes.hazeRecipes,
      losses,
      protocols: [protocols.hazeProtocol, protocols.hazeFloatProtocol],
      benchmarks: { 'reside/sots-indoor': 'durn-haze', 'dcpdn/test-a': 'durn-haze-float' },
      degradation: 'haze',
    },
    blur: {
      title: 'motion blur',
      network: 'DuRN_U',
      recipes: recipes.blurRecipes,
      losses,
      protocols: [protocols.blurWholeProtocol, protocols.blurProtocol, protocols.carProtocol],
      benchmarks: { 'gopro/test': 'durn-blur', 'cars/test': 'durn-blur-cars' },
      degradation: 'motion-blur',
    },
    noise: {
      title: 'Gaussian noise',
      network: 'DuRN_P',
      recipes: recipes.noiseRecipes,
      losses: { mse: meanSquaredError },
      protocols: [protocols.noiseProtocol],
      benchmarks: { 'bsd-gray/test': 'durn-noise' },
      degradation: 'gaussian-noise',
    },
    'real-noise': {
      title: 'real noise',
      network: 'DuRN_P_no_norm',
      recipes: recipes.realNoiseRecipes,
      losses,
      protocols: [protocols.realNoiseProtocol],
      benchmarks: { 'real-noise-hkpoly/test': 'durn-real-noise' },
      degradation: 'camera-noise',
    },
  },
  home: new URL('../', import.meta.url),
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../published.json', import.meta.url),
  goldens: new URL('../goldens/', import.meta.url),
  checks: {
    'losses.json': checkLosses,
    'metrics.json': checkMetrics,
    'noise.json': checkNoise,
    'schedule.json': checkSchedules,
  },
};
