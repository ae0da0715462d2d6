import type { Paper } from '@unweather/commands';
import { ssimAndL1 } from './loss.js';
import { DuRN_S } from './network.js';
import { rainProtocol } from './protocol.js';
import { rainRecipes } from './recipes.js';

/** DuRN as the shared commands see it. */
export const durn: Paper = {
  name: 'durn',
  title: 'Dual Residual Networks, CVPR 2019',
  networks: {
    DuRN_S: { create: () => new DuRN_S(), channels: 3, loss: ssimAndL1, gradientNoise: 5e-6 },
  },
  tasks: {
    rain: {
      title: 'rain streaks',
      network: 'DuRN_S',
      recipes: rainRecipes,
      losses: { 'ssim+l1': ssimAndL1 },
      protocol: rainProtocol,
    },
  },
  goldens: new URL('../goldens/', import.meta.url),
};
