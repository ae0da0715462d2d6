import { studyOf } from '@unweather/lab';
import { model } from '../load.js';
import { l1Alone, l1AndContrast, l1AndSimilarity } from './loss.js';
import { checkContrast } from './parity/contrast.js';
import { checkDeformable } from './parity/deformable.js';
import { checkFastDeconv } from './parity/fast-deconv.js';
import { checkMetrics } from './parity/metrics.js';
import { checkSchedule } from './parity/schedule.js';
import { aecrProtocol } from './protocol.js';
import { hazeRecipes } from './recipes.js';

const contrast = l1AndContrast();

/** AECR-Net with everything to reproduce its paper. */
export const study = studyOf(model, {
  networks: {
    'AECR-Net': {
      losses: { 'l1 + 0.1*contrastive': contrast },
      gradientNoise: 5e-6,
      gradientShare: 1e-3,
      stepsNoise: 1e-2,
    },
    // Ours, so there is no official code to compare with.
    KoschmiederNet: { losses: {}, gradientNoise: 0, gradientShare: 0, stepsNoise: 0 },
  },
  tasks: {
    haze: {
      recipes: hazeRecipes,
      losses: {
        l1: l1Alone,
        'l1+ssim': l1AndSimilarity,
        'l1+0.1cr': contrast,
        'l1+0.1cr-positive': l1AndContrast({ positiveOnly: true }),
      },
      protocols: [aecrProtocol],
      benchmarks: {
        'reside/sots-indoor': 'aecr',
        'its-h5/test': 'aecr',
        'dense-haze-h5/test': 'aecr',
        'nh-haze-h5/test': 'aecr',
      },
      degradation: 'haze',
    },
  },
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../../published.json', import.meta.url),
  goldens: new URL('../../goldens/', import.meta.url),
  checks: {
    'contrast.*.json': checkContrast,
    'dcn.*.json': checkDeformable,
    'fastdeconv.*.json': checkFastDeconv,
    'metrics*.json': checkMetrics,
    'schedule*.json': checkSchedule,
  },
});
