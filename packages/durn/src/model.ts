import { KoschmiederNet } from '@unweather/koschmieder';
import type { ModelEntry } from '@unweather/model/entry';
import { DuRN_S_P } from './networks/durn-s-p.js';
import { DuRN_U } from './networks/durn-u.js';
import { DuRN_US } from './networks/durn-us.js';
import { DuRN_P, DuRN_P_no_norm, DuRN_S } from './networks/full-resolution.js';

/** Networks and tasks of DuRN, and our network for rain streaks. */
export const model = {
  name: 'durn',
  title: 'Dual Residual Networks, CVPR 2019',
  networks: {
    DuRN_P: { create: () => new DuRN_P() },
    DuRN_P_no_norm: { create: () => new DuRN_P_no_norm() },
    DuRN_U: { create: () => new DuRN_U() },
    DuRN_US: { create: () => new DuRN_US() },
    DuRN_S: { create: () => new DuRN_S() },
    VeilNet: { create: () => new KoschmiederNet(2) },
    DuRN_S_P: { create: () => new DuRN_S_P() },
  },
  tasks: {
    rain: { title: 'rain streaks', network: 'DuRN_S', otherNetworks: ['VeilNet'] },
    raindrop: { title: 'raindrops', network: 'DuRN_S_P' },
    haze: { title: 'haze', network: 'DuRN_US' },
    blur: { title: 'motion blur', network: 'DuRN_U' },
    noise: { title: 'Gaussian noise', network: 'DuRN_P' },
    'real-noise': { title: 'real noise', network: 'DuRN_P_no_norm' },
  },
} satisfies ModelEntry;

/** Name of a task. */
export type TaskName = keyof typeof model.tasks;
