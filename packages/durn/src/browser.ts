import { browserLoaderOf } from '@unweather/commands/browser';
import { DuRN_S_P } from './networks/durn-s-p.js';
import { DuRN_U } from './networks/durn-u.js';
import { DuRN_US } from './networks/durn-us.js';
import { DuRN_P, DuRN_P_no_norm, DuRN_S } from './networks/full-resolution.js';

/** DuRN as browsers see it. */
export const durn = {
  networks: {
    DuRN_P: () => new DuRN_P(),
    DuRN_P_no_norm: () => new DuRN_P_no_norm(),
    DuRN_U: () => new DuRN_U(),
    DuRN_US: () => new DuRN_US(),
    DuRN_S: () => new DuRN_S(),
    DuRN_S_P: () => new DuRN_S_P(),
  },
  tasks: {
    rain: { network: 'DuRN_S' },
    raindrop: { network: 'DuRN_S_P' },
    haze: { network: 'DuRN_US' },
    blur: { network: 'DuRN_U' },
    noise: { network: 'DuRN_P' },
    'real-noise': { network: 'DuRN_P_no_norm' },
  },
};

/** Opens a network with its weights; `restore` of what it gives takes photographs. Default: task 'rain'. */
export const load = browserLoaderOf(durn);

export { DuRN_P, DuRN_P_no_norm, DuRN_S, DuRN_S_P, DuRN_U, DuRN_US };
