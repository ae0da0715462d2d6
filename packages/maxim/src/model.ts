import type { ModelEntry } from '@unweather/model/entry';
import { Maxim } from './networks/maxim.js';

/** MAXIM: two stages for rain and haze, three for noise and blur, and a narrow one that trains in minutes. */
export const model = {
  name: 'maxim',
  title: 'MAXIM, CVPR 2022',
  networks: {
    'MAXIM-2S': { create: () => new Maxim({ stages: 2 }) },
    'MAXIM-3S': { create: () => new Maxim({ stages: 3 }) },
    'MAXIM-2S-narrow': { create: () => new Maxim({ stages: 2, features: 8 }) },
  },
  tasks: {
    rain: { title: 'rain streaks', network: 'MAXIM-2S', otherNetworks: ['MAXIM-2S-narrow'] },
    haze: { title: 'haze in rooms', network: 'MAXIM-2S', otherNetworks: ['MAXIM-2S-narrow'] },
    'haze-outdoor': { title: 'haze outdoors', network: 'MAXIM-2S', otherNetworks: ['MAXIM-2S-narrow'] },
    noise: { title: 'noise of cameras', network: 'MAXIM-3S', otherNetworks: ['MAXIM-2S-narrow'] },
    blur: { title: 'motion blur', network: 'MAXIM-3S', otherNetworks: ['MAXIM-2S-narrow'] },
  },
} satisfies ModelEntry;

/** Name of a task. */
export type TaskName = keyof typeof model.tasks;
